from __future__ import annotations

from pathlib import Path

import pytest

from edge.bench.limit import find
from edge.bench.limit.cache import UNDISTURBED
from edge.bench.limit.find import find_limit
from edge.errors import SessionError
from edge.machine import this_machine
from tests.support.bundles import FIXTURE
from tests.support.format_1 import sample


def test_the_limit_of_a_bundles_artifact(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    feeds = sample(3).inputs
    found = find_limit(FIXTURE / "network.onnx", feeds, 1, this_machine())
    assert found.flops == 2 * 3 * 4 * 3
    assert found.bytes >= sum(array.nbytes for array in feeds.values())
    assert found.uncounted == ()
    assert 0 < found.seconds < 1e-3
    # Kept, unless whatever else runs here took the CPU meanwhile.
    kept = ["edgepack"] if found.rates.cpu_share >= UNDISTURBED else []
    assert [path.parent.name for path in tmp_path.rglob("rates-*.json")] == kept
    # The second time nothing is measured.
    monkeypatch.setattr(find, "cached_rates", lambda *_: found.rates)
    assert find_limit(FIXTURE / "network.onnx", feeds, 1, this_machine()) == found


def test_a_file_that_cannot_be_counted_is_a_line(tmp_path: Path) -> None:
    (tmp_path / "m.onnx").write_bytes(b"no model")
    with pytest.raises(SessionError, match=r"the work of m\.onnx was not found"):
        find_limit(tmp_path / "m.onnx", {}, 1, this_machine())


def test_a_process_that_dies_is_a_line(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="ended with"):
        find_limit(tmp_path / "none.onnx", {"x": sample(1).inputs["x"].astype("complex64")}, 1, this_machine())
