from __future__ import annotations

import os
import signal
import subprocess
import sys
import traceback
from pathlib import Path

import pytest

from edge.errors import EnvironmentLackError
from packager.errors import SourceError, WorkerError
from packager.worker import run_worker
from tests.support.stages import write_stage


def test_a_reply_comes_back_whatever_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = """
    import os
    print("noise")
    os.system("echo more noise")
    return {"doubled": [2 * one for one in request["numbers"]]}
    """
    assert run_worker(write_stage(tmp_path, monkeypatch, body), {"numbers": [1, 2]}) == {"doubled": [2, 4]}


def test_an_error_of_ours_travels_by_its_class(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = """
    from packager.errors import SourceError
    raise SourceError("the model is broken", remedy="mend it")
    """
    with pytest.raises(SourceError, match=r"^the model is broken$") as caught:
        run_worker(write_stage(tmp_path, monkeypatch, body), {})
    assert (caught.value.remedy, caught.value.exit_code) == ("mend it", 2)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("raise SystemError('first line\\nsecond line')", "SystemError: first line second line"),
        ("raise RuntimeError", "RuntimeError"),
        ("return {1: object()}['x']", "KeyError: 'x'"),
        ("raise ValueError('far ' * 1000)", r"ValueError: far far .*…"),
    ],
)
def test_any_other_exception_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, says: str) -> None:
    with pytest.raises(WorkerError, match=f"^stage_of_a_test stopped with {says}$") as caught:
        run_worker(write_stage(tmp_path, monkeypatch, body), {})
    assert caught.value.remedy
    assert len(caught.value.message) < 400
    # What --debug prints has the child's own traceback.
    assert "stage_of_a_test.py" in "".join(traceback.format_exception(caught.value))


def test_a_crash_quotes_its_last_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = """
    import os, sys
    sys.stderr.write("an early line\\n" * 10 + "the reason\\n")
    sys.stderr.flush()
    os.abort()
    """
    with pytest.raises(WorkerError, match=r"stopped with signal SIGABRT: .*the reason$"):
        run_worker(write_stage(tmp_path, monkeypatch, body), {})


def test_a_killed_stage_is_about_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(WorkerError, match="SIGKILL") as caught:
        run_worker(write_stage(tmp_path, monkeypatch, "import os\nos.kill(os.getpid(), 9)"), {})
    assert "memory" in caught.value.remedy


def test_a_stage_that_leaves_without_an_answer_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(WorkerError, match=r"exit code 7: the reason$"):
        run_worker(
            write_stage(tmp_path, monkeypatch, "import sys, os\nprint('the reason')\nsys.stdout.flush()\nos._exit(7)"),
            {},
        )


def test_a_crash_after_the_answer_does_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = """
    import atexit, os
    atexit.register(os.abort)
    return {"done": True}
    """
    assert run_worker(write_stage(tmp_path, monkeypatch, body), {}) == {"done": True}


def test_a_full_disk_is_no_crash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = """
    import resource, signal
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
    with open(request["file"], "wb") as file:
        file.write(bytes(4000))
    """
    with pytest.raises(EnvironmentLackError, match="no room left") as caught:
        run_worker(write_stage(tmp_path, monkeypatch, body), {"file": str(tmp_path / "large")})
    assert "TMPDIR" in caught.value.remedy


def test_modules_in_the_current_folder_are_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build may be started inside a stranger's model folder."""
    name = write_stage(tmp_path / "stages", monkeypatch, "import ctypes, json\nreturn {}")
    model = tmp_path / "model"
    model.mkdir()
    for module in ("json", "ctypes", "torch", "packager"):
        (model / f"{module}.py").write_text(f"open({str(tmp_path / 'executed')!r}, 'w').close()\n", encoding="utf-8")
    monkeypatch.chdir(model)
    assert run_worker(name, {}) == {}
    assert run_worker(name, {}, cwd=model, isolated=True) == {}
    assert not (tmp_path / "executed").exists()


def test_a_killed_build_takes_its_stage_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stage holds a pipe open for as long as it lives; its end is the end of the stage."""
    reader, writer = os.pipe()
    os.set_inheritable(writer, True)
    name = write_stage(tmp_path, monkeypatch, "import os, signal\nos.write(request['pipe'], b'x')\nsignal.pause()")
    build = f"""
import subprocess
from functools import partial
subprocess.Popen = partial(subprocess.Popen, close_fds=False)
from packager.worker import run_worker
run_worker({name!r}, {{"pipe": {writer}}})
"""
    started = subprocess.Popen([sys.executable, "-c", build], close_fds=False)
    os.close(writer)
    assert os.read(reader, 1) == b"x"
    started.send_signal(signal.SIGKILL)
    started.wait()
    assert os.read(reader, 1) == b""
    os.close(reader)
