"""The model's tokenizer: which inputs it makes, its special ids, and a `tokenizer.json` where the source has none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packager.capture.translate import translating
from packager.errors import SourceError

FILE = "tokenizer.json"
SOURCES = (FILE, "vocab.txt", "vocab.json", "spiece.model", "sentencepiece.bpe.model", "tokenizer.model", "spm.model")
# A tokenizer without a limit says 1e30.
LONGEST = 1 << 20


@dataclass(frozen=True)
class Tokenizer:
    """`file` is None where only a slow tokenizer exists; `limit` is 0 where it states none."""

    file: Path | None
    names: tuple[str, ...]
    size: int
    pad_id: int | None
    special_ids: tuple[int, ...]
    limit: int


def read_tokenizer(folder: Path, out: Path) -> Tokenizer | None:
    """Load the tokenizer as transformers does; None where the folder has none. Raises SourceError for a broken one."""
    if not any((folder / name).exists() for name in SOURCES):
        return None
    from transformers import AutoTokenizer

    with translating(f"the tokenizer in {folder} cannot be loaded", SourceError, remedy="correct or add its files"):
        found: Any = AutoTokenizer.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
        return Tokenizer(
            file=_file(found, folder, out),
            names=tuple(found.model_input_names),
            size=len(found),
            pad_id=found.pad_token_id,
            special_ids=tuple(sorted(set(found.all_special_ids))),
            limit=int(found.model_max_length) if 0 < found.model_max_length <= LONGEST else 0,
        )


def _file(found: Any, folder: Path, out: Path) -> Path | None:
    if not found.is_fast:
        return folder / FILE if (folder / FILE).exists() else None
    # Not the folder's own file: transformers changes its normaliser by what tokenizer_config.json says.
    found.backend_tokenizer.save(str(out / FILE))
    return out / FILE
