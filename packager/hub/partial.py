"""Fetches a large file so that an interrupted download goes on where it stopped, in this run or in the next one.

huggingface_hub throws away what a broken run has fetched. Here the beginning stays beside the cache's blobs, and
becomes a blob only when its SHA-256 is the one that the hub states; huggingface_hub then finds it there.
"""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import BinaryIO

from packager.errors import SourceError
from packager.hub.digest import digest_file


def fetch_blob(url: str, blob: Path, *, size: int, label: str) -> None:
    """Fetch `url` to `blob`, whose name is the file's SHA-256; `size` is in bytes.

    Raises SourceError where the contents are others, and what huggingface_hub raises.
    """
    blob.parent.mkdir(parents=True, exist_ok=True)
    part = blob.with_name(f"{blob.name}.part")
    with part.open("ab") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)  # two builds at once: the second one finds the file fetched
        if not blob.exists():
            _continue(url, stream, size=size, label=label)
            stream.flush()
            found = digest_file(part, label).sha256
            if found != blob.name:
                part.unlink()
                raise SourceError(
                    f"{label} was damaged on its way: its SHA-256 is {found}, the hub states {blob.name}",
                    remedy="build again",
                )
            part.replace(blob)
    part.unlink(missing_ok=True)


def _continue(url: str, stream: BinaryIO, *, size: int, label: str) -> None:
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils._headers import build_hf_headers

    if stream.tell() > size:
        stream.truncate(0)
        stream.seek(0)
    # Any compression on the way would make positions in the file mean something else.
    headers = {**build_hf_headers(library_name="edgepack"), "accept-encoding": "identity"}
    http_get(url, stream, resume_size=stream.tell(), headers=headers, expected_size=size, displayed_filename=label)
