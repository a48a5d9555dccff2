"""The tables as text and Markdown, whatever a manifest says."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.errors import BundleError
from edge.plain_json import parse_json
from edge.quantisation import Quantisation
from packager.quantise.report.card import card
from packager.quantise.report.lines import lines
from packager.quantise.report.sheets import candidates, sheets
from packager.quantise.report.tried import chosen, faster, tried
from tests.support.bundles import places
from tests.support.quantisations import interval, quantisation, quantised_manifest

NUMBERS = (0, -1, 2**31, -(2**63), 10**400, 0.5, -0.0, 5e-324, 1e300, -1.7e308)
TEXTS = ("", "\ud800", "\x1b[2J", "<script>", "a" * 300, "|\n|", "fp32", "chosen")


def test_the_chosen_one_comes_first_and_each_has_its_reason() -> None:
    rows = candidates(quantisation()).rows
    assert rows[0][:4] == ("A", "chosen", "onnxruntime", "int8")
    assert rows[0][4:] == (
        *("24.8 MiB", "25.5%", "0.384 (0.371 to 0.397)", "0.21 (-0.41 to 0.83)"),
        *("u8, mse, smooth, correct-bias, 2 nodes in float", "the fastest within 1 point"),
    )
    assert rows[-1][1:] == (
        *("failed", "onnxruntime", "fp16", "n/a", "n/a", "n/a", "n/a", "", "this machine has no fp16 arithmetic"),
    )


def test_fp32_is_what_others_are_compared_with() -> None:
    (row,) = [row for row in candidates(quantisation()).rows if row[3] == "fp32"]
    assert row[5:8] == ("100%", "1.000", "0.00")


def test_a_size_is_a_share_of_the_same_engine_s_fp32() -> None:
    one, other = quantisation(), quantisation("paddlelite")
    halved = tuple(replace(way, size=way.size // 2) if way.precision == "fp32" else way for way in other.candidates)
    both = replace(one, candidates=(*one.candidates, *halved))
    assert [round(way.share or 0, 3) for way in chosen(tried(both))] == [0.255, 0.510]


def test_a_speed_has_the_ends_of_the_interval_swapped() -> None:
    found = faster(interval(0.5, 0.1))
    assert found is not None
    assert (found.value, found.low, found.high) == pytest.approx((2.0, 1 / 0.6, 2.5))
    assert faster(interval(0.1, 0.2)) is None


def test_a_bundle_without_quantisation_has_no_card() -> None:
    assert card(quantised_manifest(None)) == {}


def test_the_card_is_the_same_bytes_each_time() -> None:
    manifest = quantised_manifest(quantisation())
    assert card(manifest) == card(manifest)


def test_markdown_has_a_part_for_each_stage_and_whole_tables() -> None:
    said = card(quantised_manifest(quantisation(reason="a|b\n# c"), None, quantisation()))["quantisation.md"].decode()
    assert re.findall(r"^## (.*)", said, re.MULTILINE) == ["stage0", "stage2"]
    assert "- **onnxruntime int8**: a\\|b \\# c" in said
    for found in re.findall(r"(?:^\|.*\n)+", said, re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in found.splitlines()}) == 1


def test_the_terminal_shows_the_worst_places_as_bars() -> None:
    said = list(lines(quantisation()))
    at = said.index("error where int8 costs most")
    assert [line.count("█") for line in said[at + 1 :]] == [20, 10, 7, 5, 4]


@given(st.data())
def test_whatever_a_manifest_says_can_be_shown(data: st.DataObject) -> None:
    changed = json.loads(json.dumps(quantisation().to_json()))
    for _ in range(data.draw(st.integers(1, 3))):
        *path, last = data.draw(st.sampled_from(places(changed)[1:]))
        holder: Any = changed
        for key in path:
            holder = holder[key]
        value = holder[last]
        if isinstance(value, str):
            holder[last] = data.draw(st.sampled_from(TEXTS))
        elif isinstance(value, int | float):
            holder[last] = data.draw(st.sampled_from(NUMBERS))
        else:
            holder[last] = data.draw(st.sampled_from((None, [], value)))
    try:
        found = Quantisation.from_json(parse_json(json.dumps(changed)))
    except (BundleError, ValueError):
        return
    assert list(sheets(found))
    assert list(lines(found))
    assert set(card(quantised_manifest(found))) == {"quantisation.html", "quantisation.md"}
