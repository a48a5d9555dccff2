"""Paddle Lite in-process, in the interpreter that can import it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from tests.support.bundles import FIXTURE

ROOT = Path(__file__).resolve().parents[3]

CODE = """
import json, sys
from edge.bundle import open_bundle
from edge.engines import lite, open_session
from edge.errors import SessionError
from edge.golden import deviation, read_golden

bundle = open_bundle(sys.argv[1])
stage = bundle.manifest.stages[0]
session = open_session("paddlelite", bundle.file("network.x86.nb"), inputs=stage.inputs, outputs=stage.outputs,
                       threads=2, strict=True)
vectors = read_golden(bundle, stage)
runs = [session.run(one.inputs) for one in vectors]
worst = max(deviation(one, name, run[name]).error for one, run in zip(vectors, runs) for name in run)
session.close()
try:
    session.run(vectors[0].inputs)
except SessionError as error:
    closed = error.message
print(json.dumps({"kind": type(session).__name__, "importable": lite.importable(), "worst": worst, "closed": closed}))
"""


def in_its_interpreter() -> Any:
    done = subprocess.run(
        [os.environ["EDGEPACK_LITE_PYTHON"], "-c", CODE, FIXTURE],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    return json.loads(done.stdout.splitlines()[-1])


def test_where_it_can_be_imported_it_runs_in_process() -> None:
    said = in_its_interpreter()
    assert (said["kind"], said["importable"]) == ("LiteSession", True)
    assert said["worst"] < 1e-5
    assert said["closed"] == "network.x86.nb: the session is closed"
