from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from packager.coverage.resident import Peak, resident

SIZE = 200 << 20
# What a child starts holds memory until it is told to end, and says when it has it.
HOLDER = f"held = b'x' * {SIZE}; print('ready', flush=True); input()"
PARENT = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]], check=True)"


@contextmanager
def grandchild() -> Iterator[int]:
    command = [sys.executable, "-c", PARENT, HOLDER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        assert child.stdout.readline() == "ready\n"
        yield child.pid
        child.communicate("\n")


def test_descendants_count_while_they_live() -> None:
    before = resident(os.getpid())
    with grandchild() as child:
        assert resident(child) > SIZE
        assert resident(os.getpid()) > before + SIZE
    assert resident(os.getpid()) < before + SIZE
    assert resident(child) == 0


def test_the_peak_stays_when_the_memory_is_given_back() -> None:
    with grandchild() as child:
        with Peak() as peak:
            least = resident(child)
        assert peak.bytes >= least > SIZE
    assert peak.bytes > resident(os.getpid())
