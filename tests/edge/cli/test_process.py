"""The real command in a process of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

from edge import __version__
from tests.support.bundles import FIXTURE

COMMAND = [sys.executable, "-c", "from edge.cli import main; main()"]


def test_it_verifies_a_bundle() -> None:
    done = subprocess.run([*COMMAND, "verify", FIXTURE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("verified\n")


def test_a_reader_that_leaves_ends_it_quietly() -> None:
    with subprocess.Popen(
        [*COMMAND, "info", FIXTURE], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == ""
    assert process.returncode == 141


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["info", str(FIXTURE)]])
def test_it_starts_without_numpy_or_an_engine(arguments: list[str]) -> None:
    code = (
        "import sys; from edge.cli import group; from edge.cli.application import run\n"
        f"code = run(group, 'edge', {arguments!r})\n"
        "heavy = {'numpy', 'onnxruntime', 'paddlelite', 'PIL', 'tokenizers', 'packager'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else code)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert __version__ in done.stdout or "edge" in done.stdout or "format-1" in done.stdout
