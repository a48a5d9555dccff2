from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from edge.bench.memory import peak_memory, resident_memory


def test_children_are_added(tmp_path: Path) -> None:
    for process, size in (("self", 100), ("7", 20), ("8", 3)):
        (tmp_path / "proc" / process).mkdir(parents=True)
        (tmp_path / "proc" / process / "status").write_text(f"Name:\tx\nVmHWM:\t  {size} kB\nVmRSS:\t1 kB\n")
    (tmp_path / "proc/self/task/5").mkdir(parents=True)
    (tmp_path / "proc/self/task/5/children").write_text("7 8 9 ")
    assert peak_memory(tmp_path) == 123 * 1024


def test_what_is_resident_leaves_out_children_of_other_sessions(tmp_path: Path) -> None:
    for process, size, session in (("self", 100, 1), ("7", 20, 1), ("8", 3, 8)):
        (tmp_path / "proc" / process).mkdir(parents=True)
        (tmp_path / "proc" / process / "status").write_text(f"VmHWM:\t999 kB\nVmRSS:\t {size} kB\n")
        (tmp_path / "proc" / process / "stat").write_text(f"{process} (a (b) c) S 1 2 {session} 0 -1\n")
    (tmp_path / "proc/self/task/5").mkdir(parents=True)
    (tmp_path / "proc/self/task/5/children").write_text("7 8 ")
    assert resident_memory(tmp_path) == 120 * 1024


def test_what_is_resident_is_no_more_than_the_peak() -> None:
    assert 0 < resident_memory() <= peak_memory()


def test_without_a_proc_nothing_is_claimed(tmp_path: Path) -> None:
    assert peak_memory(tmp_path) == 0 == resident_memory(tmp_path)


def test_a_process_does_not_inherit_its_parents_peak() -> None:
    ballast = bytearray(b"x" * (200 << 20))
    code = "from edge.bench.memory import peak_memory; print(peak_memory())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 0 < int(done.stdout) < len(ballast)
