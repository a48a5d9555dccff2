"""Looks into a `.bin` (torch.save) without unpickling it, for what would run while it is loaded.

The capture child loads it with `weights_only=True`; this is the wall before that one, and gives the readable reason.
Only what torch.save writes for a state dict is let through: a zip of stored records with one `data.pkl`, whose pickle
names nothing but tensors, storages and OrderedDict.
"""

from __future__ import annotations

import pickletools
import zipfile
from pathlib import Path

from packager.errors import SourceError

MOST_PICKLE_BYTES = 8 << 20
MOST_RECORDS = 100_000

_ZIP_MAGIC = b"PK\x03\x04"
_SAFE_REMEDY = "use a model with safetensors weights, or load it where you trust it and save it with save_pretrained"
_STORAGES = ("Float", "Double", "Half", "BFloat16", "Long", "Int", "Short", "Char", "Byte", "Bool")
ALLOWED_GLOBALS = frozenset(
    {
        "collections OrderedDict",
        "torch._utils _rebuild_tensor_v2",
        "torch._utils _rebuild_parameter",
        "torch Size",
        *(f"torch {name}Storage" for name in _STORAGES),
    }
)
# Ways to name a class or a function that torch.save does not use, so that what they name need not be worked out.
_FORBIDDEN_OPCODES = frozenset({"STACK_GLOBAL", "INST", "OBJ", "EXT1", "EXT2", "EXT4", "PERSID", "NEWOBJ", "NEWOBJ_EX"})


def check_bin(path: Path) -> None:
    """Raise SourceError where loading the file would run code, or where it is not a zip that torch.save wrote."""
    try:
        with path.open("rb") as stream:
            head = stream.read(MOST_PICKLE_BYTES)
        if not head.startswith(_ZIP_MAGIC):
            _scan(head, path, complete=False)
            raise SourceError(f"{path} has torch's old format, which is not read", remedy=_SAFE_REMEDY)
        with zipfile.ZipFile(path) as archive:
            data = archive.read(_pickle_record(archive, path))
    except OSError as error:
        raise SourceError(f"{path} cannot be read ({error.strerror})", remedy="check its rights") from error
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise SourceError(f"{path} is damaged ({error})", remedy="download or copy the file again") from error
    _scan(data, path, complete=True)


def _pickle_record(archive: zipfile.ZipFile, path: Path) -> zipfile.ZipInfo:
    records = archive.infolist()
    pickles = [one for one in records if one.filename.endswith((".pkl", ".py"))]
    if len(pickles) != 1 or pickles[0].filename.count("/") != 1 or not pickles[0].filename.endswith("/data.pkl"):
        raise SourceError(f"{path} is no state dict: it does not hold exactly one data.pkl", remedy=_SAFE_REMEDY)
    prefix = pickles[0].filename.removesuffix("data.pkl")
    names = {one.filename for one in records}
    # torch's own zip reader must see the same records as this one: no twins, nothing beside the archive's folder.
    if len(names) != len(records) or len(records) > MOST_RECORDS or not all(n.startswith(prefix) for n in names):
        raise SourceError(f"{path} holds records that torch.save does not write", remedy=_SAFE_REMEDY)
    if any(one.compress_type != zipfile.ZIP_STORED for one in records):
        raise SourceError(f"{path} holds compressed records, which torch.save does not write", remedy=_SAFE_REMEDY)
    if pickles[0].file_size > MOST_PICKLE_BYTES:
        raise SourceError(f"{path} holds a data.pkl of {pickles[0].file_size} bytes", remedy=_SAFE_REMEDY)
    return pickles[0]


def _scan(data: bytes, path: Path, *, complete: bool) -> None:
    """Refuse every global that is not allowed. Where the pickle need not be `complete`, its broken end is no news."""
    strings: list[str] = []
    try:
        for opcode, argument, _ in pickletools.genops(data):
            if isinstance(argument, str) and "UNICODE" in opcode.name:
                strings = [*strings[-1:], argument]
            elif opcode.name in _FORBIDDEN_OPCODES:
                named = " ".join(strings) if opcode.name == "STACK_GLOBAL" else argument or ""
                raise _would_run(path, f"{opcode.name} {named}")
            elif opcode.name == "GLOBAL" and argument not in ALLOWED_GLOBALS:
                raise _would_run(path, str(argument))
    except (ValueError, IndexError, KeyError, OverflowError) as error:
        if complete:
            raise SourceError(f"{path} holds a broken pickle", remedy="download or copy the file again") from error


def _would_run(path: Path, what: str) -> SourceError:
    readable = what.encode("ascii", "backslashreplace").decode()[:100].strip()
    return SourceError(f"{path} would run {readable!r} when it is loaded; it was not loaded", remedy=_SAFE_REMEDY)
