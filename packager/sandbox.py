"""A child process that cannot reach the network and holds no secret.

The network is closed twice: a new, empty network namespace where the kernel lets us have one, and an audit hook
(PEP 578) that refuses name look-ups and connections in any case, so that the refusal has a readable reason.
"""

from __future__ import annotations

import ctypes
import os
import re
import site
import sys
from pathlib import Path
from typing import Any

CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000

# Audit events of Python's socket module; sockets in the file system (Docker's, a keyring's) are refused with the rest.
REFUSED = frozenset(
    f"socket.{name}"
    for name in ("connect", "getaddrinfo", "gethostbyname", "gethostbyaddr", "getnameinfo", "sendmsg", "sendto")
)

# Parts of the names of variables that may carry a secret or lead a library to one; a proxy's address may hold one.
SECRET_WORDS = (
    *("TOKEN", "SECRET", "PASS", "CREDENTIAL", "KEY", "AUTH", "COOKIE"),
    *("AWS_", "AZURE_", "NETRC", "KUBECONFIG", "DBUS_", "PROXY"),
)
# Settings of Hugging Face's libraries name the cache, which holds the token; XDG's lead to the home folder.
LEADING_ELSEWHERE = ("HF_", "HUGGINGFACE_", "HUGGING_FACE_", "TRANSFORMERS_", "XDG_")
ADDRESS_WITH_USER = re.compile(r"://[^/\s]*@")


def scrubbed_environment(home: Path) -> dict[str, str]:
    """The environment of an isolated child: no secrets, an empty home, Hugging Face libraries offline."""
    kept = {name: value for name, value in os.environ.items() if not _is_secret(name.upper(), value)}
    # Packages that were installed with `pip install --user` are looked for in the home folder.
    packages = {"PYTHONUSERBASE": site.getuserbase()}
    offline = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1"}
    # What libraries leave among temporary files (torch does) goes with the home.
    places = {"HOME": str(home), "HF_HOME": str(home / "hf"), "TMPDIR": str(home)}
    return packages | kept | offline | places | {"TOKENIZERS_PARALLELISM": "false"}


def _is_secret(name: str, value: str) -> bool:
    return (
        name.startswith(LEADING_ELSEWHERE)
        or any(word in name for word in SECRET_WORDS)
        or ADDRESS_WITH_USER.search(value) is not None
    )


def close_network() -> None:
    """Close the network for this process and all that it starts; cannot be undone."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)  # may be forbidden; the audit hook below still holds
    sys.addaudithook(_refuse_network)


def _refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    if event in REFUSED:
        where = f" to {arguments[1]}" if event == "socket.connect" else ""
        raise PermissionError(f"{event}{where}: this stage of the build has no network")
