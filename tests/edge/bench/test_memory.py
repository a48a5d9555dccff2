from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from edge.bench.evidence.host import Host
from edge.bench.memory import peak_memory, resident_memory


def process(root: Path, number: int, parent: int, *, size: int, session: int = 1) -> None:
    folder = root / "proc" / str(number)
    folder.mkdir(parents=True)
    (folder / "status").write_text(f"Name:\tx\nVmHWM:\t  {size} kB\nVmRSS:\t {size} kB\n")
    (folder / "stat").write_text(f"{number} (a (b) c) S {parent} 2 {session} 0 -1\n")


@pytest.fixture(params=["listed", "by parent"])
def host(request: pytest.FixtureRequest, tmp_path: Path) -> Host:
    """Process 5 with two below it and a third that has ended; only some kernels list children."""
    process(tmp_path, 5, 1, size=100)
    process(tmp_path, 7, 5, size=20)
    process(tmp_path, 8, 7, size=3, session=8)
    process(tmp_path, 6, 1, size=1000)
    if request.param == "listed":
        for number, children in ((5, "7 9 "), (7, "8 "), (8, "")):
            (tmp_path / f"proc/{number}/task/{number}").mkdir(parents=True)
            (tmp_path / f"proc/{number}/task/{number}/children").write_text(children)
    return Host(root=tmp_path)


def test_children_are_added(host: Host) -> None:
    assert peak_memory(host, 5) == 123 * 1024


def test_what_is_resident_leaves_out_children_of_other_sessions(host: Host) -> None:
    assert resident_memory(host, 5) == 120 * 1024


def test_what_is_resident_is_no_more_than_the_peak() -> None:
    assert 0 < resident_memory() <= peak_memory()


def test_without_a_proc_nothing_is_claimed(tmp_path: Path) -> None:
    assert peak_memory(Host(root=tmp_path)) == 0 == resident_memory(Host(root=tmp_path))


def test_a_process_does_not_inherit_its_parents_peak() -> None:
    ballast = bytearray(b"x" * (200 << 20))
    code = "from edge.bench.memory import peak_memory; print(peak_memory())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 0 < int(done.stdout) < len(ballast)
