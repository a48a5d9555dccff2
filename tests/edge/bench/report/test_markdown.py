from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from edge.bench.report.judged import Judged, judged
from edge.bench.report.markdown import STEERING, escaped, markdown
from tests.support.measurements import measurement


def _cells(line: str) -> int:
    """How many cells a row has: bars that no backslash takes the meaning from, less the first."""
    return len(re.findall(r"(?<!\\)\|", line)) - 1


def test_every_table_is_as_wide_as_its_head(hot: Judged, several: list[Judged]) -> None:
    for said in (markdown([hot]), markdown(several)):
        tables = re.findall(r"(?:^\|.*\n)+", said, re.MULTILINE)
        assert len(tables) >= 5
        for table in tables:
            rows = table.splitlines()
            assert re.fullmatch(r"\|( --- \|)+", rows[1])
            assert len({_cells(row) for row in rows}) == 1


def test_the_verdict_with_its_reasons_comes_before_the_figures(hot: Judged) -> None:
    said = markdown([hot])
    places = [said.index(word) for word in ("**INVALID**", "the firmware says: throttled", "| median latency |")]
    assert places == sorted(places)


@given(text=st.text())
def test_names_mean_nothing_in_markdown(text: str) -> None:
    said = escaped(text)
    assert "\n" not in said
    assert all(said[place - 1] == "\\" for place, letter in enumerate(said) if letter in STEERING and letter != "\\")


def test_a_percentile_without_its_samples_is_not_said() -> None:
    few = judged(measurement([0.002 + place * 1e-6 for place in range(100)]))
    assert "| p99 | n/a | needs 662 samples, there are 100 |" in markdown([few])


def test_a_sensor_that_cannot_be_read_is_said() -> None:
    done = measurement()
    blind = replace(done.conditions, readings=(), unreadable={"temperature": "no zone"})
    said = markdown([judged(replace(done, conditions=blind))])
    assert "| temperatures (°C) |" in said
    assert "| temperature: n/a | no zone |" in said
    assert "| clocks (MHz) | n/a |" in said
