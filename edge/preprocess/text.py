"""Texts to token ids: the one module that imports `tokenizers`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edge.errors import BundleError, EnvironmentLackError, InputError
from edge.manifest import TensorSpec
from edge.records import Record

SHORTEST = 4
"""Tokens. Models are captured with a symbolic sequence of at least this length, so shorter batches are padded to it."""

MAX_CHARACTERS = 1_000_000
_FEEDS = ("input_ids", "attention_mask", "token_type_ids")


@dataclass(frozen=True, kw_only=True)
class Tokenise(Record):
    """Options of the step `tokenise`.

    `file` is the bundle's tokenizer.json. A text is cut to `max_length` tokens, special ones included, on the side
    `truncation`; a batch is filled on the side `padding` with `pad_id` and `pad_type_id` to its longest text. `prompt`
    goes in front of every text, `lowercase` lowers it first (both as sentence-transformers does).
    """

    file: str
    max_length: int
    pad_id: int = 0
    pad_type_id: int = 0
    padding: str = "right"
    truncation: str = "right"
    prompt: str = ""
    lowercase: bool = False

    def __post_init__(self) -> None:
        if self.extra:
            raise BundleError(f"tokenise: the option {min(self.extra)!r} is unknown", remedy="update edgepack")
        if not {self.padding, self.truncation} <= {"left", "right"}:
            raise BundleError("tokenise: padding and truncation are left or right")
        if not 0 < self.max_length <= MAX_CHARACTERS:
            raise BundleError(f"tokenise: a length of {self.max_length} tokens is not possible")

    def place(self, count: int, length: int) -> slice:
        """Where a text of `count` tokens stands in a row of `length`."""
        return slice(length - count, length) if self.padding == "left" else slice(0, count)


@dataclass(frozen=True)
class Tokens:
    """One text's tokens, without padding.

    `offsets` are where each token begins and ends in `text`, in characters (code points), white space around it left
    out. A token that shows nothing of the text (a special one, one of the prompt, white space alone) ends where it
    begins.
    """

    ids: Sequence[int]
    types: Sequence[int]
    text: str
    offsets: Sequence[tuple[int, int]]


class TextEncoder:
    """Cuts texts into tokens and pads them together. One thread; no pool of `tokenizers` is started."""

    def __init__(self, options: Tokenise, path: Path, inputs: Sequence[TensorSpec]) -> None:
        """`inputs` are the model's: which arrays to make, their dtype, and a fixed sequence length where there is one.

        Raises BundleError for a broken tokenizer or an input that texts cannot fill, EnvironmentLackError where
        `tokenizers` is missing.
        """
        unknown = [spec.name for spec in inputs if spec.name not in _FEEDS or len(spec.shape) != 2]
        if unknown:
            raise BundleError(f"the input {unknown[0]!r} is none that a text can fill (known: {', '.join(_FEEDS)})")
        fixed = {spec.shape[1] for spec in inputs if isinstance(spec.shape[1], int)}
        if len(fixed) > 1:
            raise BundleError(f"the inputs have different sequence lengths {sorted(map(str, fixed))}")
        self._options = options
        self._inputs = tuple(inputs)
        self._length = next((int(length) for length in fixed), 0)
        self._tokenizer = _load(path, options, self._length)

    def encode(self, text: str) -> Tokens:
        """One text to tokens; raises InputError for what is no text, has no token or over a million characters."""
        if not isinstance(text, str):
            raise InputError(f"a text was expected, not {type(text).__name__}", remedy="give a string")
        if len(text) > MAX_CHARACTERS:
            raise InputError(f"the text has {len(text):,} characters", remedy=f"split it: {MAX_CHARACTERS:,} are read")
        try:
            encoding = self._tokenizer.encode(self._options.prompt + text)
        except (TypeError, UnicodeError) as error:
            raise InputError("the text holds half a surrogate pair", remedy="give valid Unicode") from error
        if not encoding.ids:
            raise InputError("the text holds no token", remedy="give a text with words")
        return Tokens(encoding.ids, encoding.type_ids, text, self._offsets(text, encoding))

    def _offsets(self, text: str, encoding: Any) -> list[tuple[int, int]]:
        skipped = len(self._options.prompt)
        return [
            (0, 0) if special else _trimmed(text, max(0, start - skipped), max(0, end - skipped))
            for (start, end), special in zip(encoding.offsets, encoding.special_tokens_mask, strict=True)
        ]

    def batch(self, texts: Sequence[Tokens]) -> dict[str, NDArray[Any]]:
        """Padded arrays (batch, sequence) in the model's dtypes, by input name."""
        length = self._length or max(SHORTEST, *(len(tokens.ids) for tokens in texts))
        shape = (len(texts), length)
        made = {
            "input_ids": np.full(shape, self._options.pad_id, np.int64),
            "attention_mask": np.zeros(shape, np.int64),
            "token_type_ids": np.full(shape, self._options.pad_type_id, np.int64),
        }
        for row, tokens in enumerate(texts):
            where = self._options.place(len(tokens.ids), length)
            made["input_ids"][row, where] = tokens.ids
            made["token_type_ids"][row, where] = tokens.types
            made["attention_mask"][row, where] = 1
        return {spec.name: made[spec.name].astype(spec.dtype, copy=False) for spec in self._inputs}


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Some tokenizers count the space before a word to its first token, others do not."""
    shown = text[start:end]
    start += len(shown) - len(shown.lstrip())
    return start, max(start, end - (len(shown) - len(shown.rstrip())))


class TextDecoder:
    """Token ids to text, without the tokens that mark its begin and end."""

    def __init__(self, path: Path) -> None:
        """Raises BundleError for a broken tokenizer, EnvironmentLackError where `tokenizers` is missing."""
        self._tokenizer = _read(path)

    def decode(self, ids: Sequence[int]) -> str:
        """The text; ids that the tokenizer does not know give nothing."""
        return str(self._tokenizer.decode(list(ids), skip_special_tokens=True))


def _read(path: Path) -> Any:
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        import tokenizers
    except ImportError as error:
        remedy = "pip install 'edgepack[text]'"
        raise EnvironmentLackError("tokenizers, which texts need, is not installed", remedy=remedy) from error
    try:
        return tokenizers.Tokenizer.from_file(str(path))
    except Exception as error:  # tokenizers raises bare Exception for a file that it cannot read
        raise BundleError(f"{path.name} is not a tokenizer ({error})", remedy="build the bundle again") from error


def _load(path: Path, options: Tokenise, fixed: int) -> Any:
    tokenizer = _read(path)
    length = min(options.max_length, fixed or options.max_length)
    if length <= tokenizer.num_special_tokens_to_add(is_pair=False):
        raise BundleError(f"{path.name}: {length} tokens leave no room for a text")
    tokenizer.no_padding()
    tokenizer.enable_truncation(length, strategy="longest_first", direction=options.truncation)
    if options.lowercase:
        import tokenizers

        lower = tokenizers.normalizers.Lowercase()
        following = [tokenizer.normalizer] if tokenizer.normalizer is not None else []
        tokenizer.normalizer = tokenizers.normalizers.Sequence([lower, *following])
    return tokenizer
