"""The card in a real browser: on a desk and on a phone, by day and by night, and with names that would be code."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from edge.manifest import Manifest
from edge.quantisation import CHOSEN, REJECTED, CandidateRecord, SensitivityRecord
from packager.quantise.report.card import card
from tests.support.browser import Browser
from tests.support.page_checks import CLASHES, CONTRAST, SMALLEST
from tests.support.quantisations import quantisation, quantised_manifest

HOSTILE = "<img src=http://x.invalid/a.png onerror=alert(1)>|`\u202e"
VIEWS = [(1000, False), (1000, True), (390, False), (390, True)]


def _write(manifest: Manifest, folder: Path) -> Path:
    path = folder / "card.html"
    path.write_bytes(card(manifest)["quantisation.html"])
    return path


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    manifest = quantised_manifest(quantisation(), None, quantisation("paddlelite"))
    return _write(manifest, tmp_path_factory.mktemp("card"))


@pytest.mark.parametrize(("width", "dark"), VIEWS)
def test_it_asks_for_nothing_fits_and_can_be_read(browser: Browser, path: Path, width: int, *, dark: bool) -> None:
    shown = browser.show(path, width=width, dark=dark)
    assert shown.requests == [path.as_uri()]
    assert shown.complaints == []
    shown.value("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert shown.value("document.documentElement.scrollWidth") == width
    lowest, text = shown.value(CONTRAST)
    assert lowest >= 4.5, text
    assert shown.value(CLASHES) == []
    assert shown.value(SMALLEST) >= 11


def test_each_quantised_stage_begins_with_its_verdict_and_three_figures(browser: Browser, path: Path) -> None:
    shown = browser.show(path)
    assert shown.value("[...document.querySelectorAll('h2')].map(one => one.textContent)") == ["stage0", "stage2"]
    assert shown.value("[...document.querySelectorAll('.verdict')].map(one => one.innerText)") == [
        f"{engine} int8\n{engine} int8: the fastest within 1 point" for engine in ("onnxruntime", "paddlelite")
    ]
    heads = shown.value("document.querySelector('.heads').innerText").split("\n")
    assert heads == [
        *("size", "25.5%", "of onnxruntime's fp32"),
        *("speed", "2.6 ×", "as fast as fp32; 95% interval 2.52 to 2.70"),
        *("points lost", "0.21", "95% interval -0.41 to 0.83, at most 1 point"),
    ]


def test_headings_lead_through_it_and_charts_are_said(browser: Browser, path: Path) -> None:
    shown = browser.show(path)
    levels = shown.value("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => Number(h.tagName[1]))")
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    said = [name for role, name in shown.accessible() if role == "image"]
    assert [one.partition(".")[0] for one in said] == ["Latency", "Points lost against latency", "Sensitivity"] * 2
    assert "A, C are surely faster than fp32." in said[0]
    assert "2 of 3 lose at most 1 point of top-1." in said[1]
    assert "None is both faster and nearer to fp32 than C, A, B; others are grey." in said[1]


def test_names_of_others_are_only_text(browser: Browser, tmp_path: Path) -> None:
    found = quantisation(engine=HOSTILE, reason=HOSTILE)
    sensitive = (SensitivityRecord(nodes=(HOSTILE, HOSTILE), error=0.5),)
    found = replace(found, target=HOSTILE, measured_on=HOSTILE, not_run=(HOSTILE,), sensitivities=sensitive)
    shown = browser.show(_write(quantised_manifest(found, name=HOSTILE), tmp_path))
    said = HOSTILE.replace("\u202e", "\N{REPLACEMENT CHARACTER}")
    assert said in shown.value("document.querySelector('h1').textContent")
    assert said in shown.value("document.querySelector('.verdict').textContent")
    assert shown.value("document.querySelectorAll('img, script, iframe').length") == 0
    assert shown.complaints == []


def test_a_stage_that_fell_back_says_so_and_draws_what_it_has(browser: Browser, tmp_path: Path) -> None:
    kept = CandidateRecord(engine="onnxruntime", precision="fp32", size=9, verdict=CHOSEN, reason="int8 lost 3 points")
    lost = CandidateRecord(engine="onnxruntime", precision="int8", size=3, verdict=REJECTED, reason="lost 3 points")
    bare = replace(quantisation(), candidates=(kept, lost), calibration=None, sensitivities=(), not_run=())
    shown = browser.show(_write(quantised_manifest(bare), tmp_path))
    assert shown.value("document.querySelector('.verdict').className") == "verdict unstable"
    assert shown.value("document.querySelector('.verdict').innerText").endswith("int8 lost 3 points")
    assert shown.value("document.querySelectorAll('figure').length") == 0
    assert shown.value("document.querySelectorAll('.heads').length") == 0
