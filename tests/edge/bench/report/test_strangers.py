"""Records that others wrote: whatever the reader lets through, every report and comparison can be made of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge.bench.compare.comparison import SAME, compare
from edge.bench.judge import INVALID
from edge.bench.record import read_measurement
from edge.bench.report.judged import Judged, judged
from edge.bench.report.write import FORMS
from edge.cli.measured import lines
from edge.errors import EdgeError, InputError
from tests.edge.bench.report.conftest import accuracy
from tests.support.measurements import measurement, steady

NUMBERS = (0, -1, 1, 2**31, -(2**63), 10**400, 0.5, -0.0, 5e-324, 1e-9, 1e300, -1e300, 1.7e308)
TEXTS = ("", "\ud800", "\x1b[2J", "<script>", "a" * 5000, "|\n|", "2026")


def _leaves(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(data, dict | list):
        for key in data if isinstance(data, dict) else range(len(data)):
            yield from _leaves(data[key], (*path, key))
    else:
        yield path


def _put(data: Any, path: tuple[Any, ...], value: Any) -> None:
    for key in path[:-1]:
        data = data[key]
    data[path[-1]] = value


@pytest.fixture(scope="module")
def template(hot: Judged) -> dict[str, Any]:
    """Everything that a record can hold, with few samples and readings."""
    samples = steady(12)
    stages = {"decode": samples, "engine": samples}
    few = replace(hot.done.conditions, readings=hot.done.conditions.readings[::5])
    assert hot.done.growth is not None
    growth = replace(hot.done.growth, resident=hot.done.growth.resident[:42:4])
    record: dict[str, Any] = measurement(
        samples,
        stages=stages,
        conditions=few,
        server=hot.done.server,
        growth=growth,
        accuracy=accuracy(0.9, inputs=10),
    ).to_json()
    return record


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_record_that_is_read_can_be_reported_and_compared(
    template: dict[str, Any], tmp_path: Path, data: st.DataObject
) -> None:
    changed = json.loads(json.dumps(template))
    # A field first, then something in it: samples and sensors are as likely as the accuracy of each input.
    for field in data.draw(st.lists(st.sampled_from(sorted(template)), min_size=1, max_size=3)):
        inside = list(_leaves(template[field], (field,)))
        if not inside:
            continue
        path = data.draw(st.sampled_from(inside))
        is_text = isinstance(_at(template, path), str)
        _put(changed, path, data.draw(st.sampled_from(TEXTS if is_text else NUMBERS)))
    file = tmp_path / "record.json"
    file.write_text(json.dumps(changed))
    try:
        one = judged(read_measurement(file))
    except EdgeError:
        return
    for write in FORMS.values():
        write([one]).encode()
        write([one, one]).encode()
    assert list(lines(one))
    if one.judgement.verdict == INVALID:
        with pytest.raises(InputError, match="is INVALID"):
            compare([one], [one])
    else:
        assert compare([one], [one]).answer == SAME


def _at(data: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        data = data[key]
    return data
