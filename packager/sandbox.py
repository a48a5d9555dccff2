"""A child process that cannot reach the network and holds no secret.

The network is closed twice: a new, empty network namespace where the kernel lets us have one, and an audit hook
(PEP 578) that refuses name look-ups and connections in any case, so that the refusal has a readable reason.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path
from typing import Any

CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000

# Names of variables that may carry a secret or lead a library to one.
SECRET_WORDS = ("TOKEN", "SECRET", "PASSWORD", "CREDENTIAL", "API_KEY", "AWS_", "NETRC", "SSH_AUTH_SOCK")


def scrubbed_environment(home: Path) -> dict[str, str]:
    """The environment of an isolated child: no secrets, an empty home, Hugging Face libraries offline."""
    kept = {k: v for k, v in os.environ.items() if not any(word in k.upper() for word in SECRET_WORDS)}
    for name in ("HF_HOME", "HF_HUB_CACHE", "HF_ENDPOINT", "HUGGINGFACE_HUB_CACHE", "TRANSFORMERS_CACHE"):
        kept.pop(name, None)
    offline = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1"}
    return kept | offline | {"HOME": str(home), "HF_HOME": str(home / "hf"), "TOKENIZERS_PARALLELISM": "false"}


def close_network() -> None:
    """Close the network for this process and all that it starts; cannot be undone."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)  # may be forbidden; the audit hook below still holds
    sys.addaudithook(_refuse_network)


def _refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        raise PermissionError(f"{event}: this stage of the build has no network")
    if event == "socket.connect" and not isinstance(arguments[1], str):
        raise PermissionError(f"connect to {arguments[1]}: this stage of the build has no network")
