"""What an image is made of besides bundles, and what of it is left out.

The base holds what Python, numpy, OpenCV and ONNX Runtime load, and nothing to install or configure with: no shell is
needed to start `edge`. `dpkg` and what else only scripts of packages ask for are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from packager.image.entry import Entry

PACKAGES = ("base-files", "libpython3-stdlib", "libstdc++6", "python3-minimal")
WITHOUT_PACKAGES = (
    "debconf",
    "debconf-2.0",
    "dpkg",
    "libc-bin",
    "mawk",
    "awk",
    "media-types",
    "openssl",
    "readline-common",
    "sensible-utils",
    "tar",
)
"""What dependencies ask for and nothing at run time does."""

WHEELS: Mapping[str, tuple[str, ...]] = {
    "onnxruntime": ("click", "numpy", "onnxruntime", "opencv-python-headless", "pillow", "pypdfium2", "tokenizers"),
}
"""By engine."""
WITHOUT_WHEELS = (
    "anyio",
    "certifi",
    "coloredlogs",
    "filelock",
    "fsspec",
    "h11",
    "hf-xet",
    "httpcore2",
    "httpx2",
    "huggingface-hub",
    "humanfriendly",
    "idna",
    "mpmath",
    "packaging",
    "protobuf",
    "pyyaml",
    "shellingham",
    "sympy",
    "tqdm",
    "truststore",
    "typer-slim",
    "typing-extensions",
)
"""Dependencies that only downloads, or tools for making models, import."""

LEFT_OUT = tuple(
    re.compile(pattern)
    for pattern in (
        r"usr/share/(man|info|locale|lintian|bash-completion|pixmaps|menu|bug|binfmts)/",
        r"usr/share/doc/(?!.*/copyright$)",
        r"usr/share/zoneinfo/(right|posix)/",
        r"usr/share/python3/(debpython|runtime\.d)",
        r"usr/lib/[^/]+/gconv/",
        r"usr/include/",
        r"usr/lib/python3\.\d+/(ensurepip|idlelib|lib2to3|pydoc_data|test|tkinter|turtledemo|venv|distutils)/",
        r"usr/lib/python3/dist-packages/(.*/)?(tests?|_pyinstaller)/",
        r"usr/lib/python3/dist-packages/onnxruntime/(transformers|quantization|tools|datasets)/",
        r"usr/lib/python3/dist-packages/numpy/(f2py|distutils|_core/(include|lib)|doc)/",
        r"usr/lib/python3/dist-packages/cv2/(data|gapi|qt|typing)/",
        r".*\.(pyi|pxd|pyx|h|hpp|a|c|cpp|la|whl)$",
        r"usr/s?bin/(?!python3|edge$)",
        r"(boot|home|media|mnt|opt|proc|root|run|srv|sys|tmp)$",
        r"var/(backups|cache|local|mail|opt|spool)",
    )
)
"""Paths, from their beginning, that a device has no use for."""


def kept(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The entries without what is left out."""
    return (entry for entry in entries if not any(pattern.match(entry.path) for pattern in LEFT_OUT))
