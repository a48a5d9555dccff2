"""Small packages: Debian's as an `ar` archive, wheels as a zip, each as small as its kind can be."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

CONTROL = "Package: {name}\nVersion: 1.0\nArchitecture: arm64\n"


def debian_package(out: Path, name: str, files: Mapping[str, bytes], links: Mapping[str, str] | None = None) -> Path:
    """Write NAME.deb into `out`; names in `links` that start with `=` are hard links."""
    control = _tar({"./control": CONTROL.format(name=name).encode()}, {})
    members = {"debian-binary": b"2.0\n", "control.tar.xz": control, "data.tar.xz": _tar(files, links or {})}
    package = out / f"{name}.deb"
    package.write_bytes(b"!<arch>\n" + b"".join(_member(*one) for one in members.items()))
    return package


def wheel(out: Path, name: str, files: Mapping[str, bytes]) -> Path:
    """Write the wheel of a version 1.0 for every Python; its metadata is added."""
    path = out / f"{name}-1.0-py3-none-any.whl"
    told = {
        "METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        "WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "RECORD": "",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for file, content in files.items():
            archive.writestr(file, content)
        for file, text in told.items():
            archive.writestr(f"{name}-1.0.dist-info/{file}", text)
    return path


def _member(name: str, content: bytes) -> bytes:
    header = f"{name:<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(content):<10}`\n".encode()
    return header + content + b"\n" * (len(content) % 2)


def _tar(files: Mapping[str, bytes], links: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:xz") as tar:
        for name, content in files.items():
            told = tarfile.TarInfo(name)
            told.mode = 0o755 if "/bin/" in name else 0o644
            told.type = tarfile.DIRTYPE if name.endswith("/") else tarfile.REGTYPE
            told.size = len(content)
            tar.addfile(told, io.BytesIO(content))
        for name, target in links.items():
            told = tarfile.TarInfo(name.removeprefix("="))
            told.type = tarfile.LNKTYPE if name.startswith("=") else tarfile.SYMTYPE
            told.linkname = target
            tar.addfile(told)
    return buffer.getvalue()
