from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.bench.record import FORMAT, read_measurement, write_measurement
from edge.errors import InputError
from tests.support.bundles import places
from tests.support.measurements import measurement, steady

SMALL = measurement(steady(12), stages={"decode": steady(12, 0.001), "engine": steady(12, 0.001)})


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write_measurement(SMALL, tmp_path / "out.json")
    assert read_measurement(tmp_path / "out.json") == SMALL
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]


def _with(**changes: Any) -> Callable[[dict[str, Any]], None]:
    return lambda data: data.update(changes)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_with(format=1), "older format 1"),
        (_with(format=FORMAT + 1), f"newer format {FORMAT + 1}"),
        (_with(format="2"), "record.format"),
        (lambda data: data.pop("phases"), "'phases' is missing"),
        (_with(samples=[]), "none or differ"),
        (_with(samples=[0.1]), "none or differ"),
        (_with(ends=[]), "none or differ"),
        (_with(stages={"engine": [0.1]}), "none or differ"),
        (_with(samples=[0.0] * 12), "not above zero"),
        (_with(seconds=0.0), "not above zero"),
        (_with(inputs=0), "not above zero"),
        (_with(seconds=float("nan")), "NaN is no number"),
        (_with(inputs=10**30), "too large a number"),
        (_with(seconds="1"), "record.seconds"),
    ],
)
def test_what_is_no_record_of_this_format_is_one_clear_line(
    change: Callable[[dict[str, Any]], None], said: str, tmp_path: Path
) -> None:
    data = SMALL.to_json()
    change(data)
    (tmp_path / "out.json").write_text(json.dumps(data))
    with pytest.raises(InputError, match=said) as caught:
        read_measurement(tmp_path / "out.json")
    assert "\n" not in caught.value.message
    assert caught.value.remedy


@pytest.mark.parametrize("text", ["", "[]", "no JSON", "[" * 100_000, '{"format": 2}', "\xff"])
def test_any_other_file_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "out.json").write_text(text, encoding="latin-1")
    with pytest.raises(InputError):
        read_measurement(tmp_path / "out.json")
    with pytest.raises(InputError, match="cannot be read"):
        read_measurement(tmp_path)


@given(data=st.data())
def test_a_changed_record_is_read_or_refused(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    record = json.loads(json.dumps(SMALL.to_json()))
    *path, last = data.draw(st.sampled_from(places(record)[1:]))
    holder: Any = record
    for key in path:
        holder = holder[key]
    holder[last] = data.draw(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.just([])
    )
    file = tmp_path_factory.getbasetemp() / "changed.json"
    file.write_text(json.dumps(record))
    try:
        read_measurement(file)
    except InputError as error:
        assert "\n" not in error.message  # noqa: PT017 (most are refused, not all)


def test_fields_of_later_writers_are_kept(tmp_path: Path) -> None:
    data = SMALL.to_json() | {"energy": 3.5}
    (tmp_path / "out.json").write_text(json.dumps(data))
    assert read_measurement(tmp_path / "out.json").to_json() == data
