"""The page in a real browser: what it shows on a desk and on a phone, by day and by night, and to a screen reader."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from edge.bench.report.judged import Judged, judged
from edge.bench.report.write import write_report
from tests.edge.bench.report.conftest import HOSTILE
from tests.support.browser import Browser
from tests.support.measurements import measurement
from tests.support.page_checks import CLASHES, CONTRAST, SMALLEST

VIEWS = [(1000, False), (1000, True), (390, False), (390, True)]


def _write(records: Sequence[Judged], folder: Path) -> Path:
    path = folder / "report.html"
    write_report(records, path)
    return path


@pytest.fixture(scope="module", params=["one", "several"])
def path(
    request: pytest.FixtureRequest, hot: Judged, several: list[Judged], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    return _write([hot] if request.param == "one" else several, tmp_path_factory.mktemp("page"))


@pytest.mark.parametrize(("width", "dark"), VIEWS)
def test_it_asks_for_nothing_fits_and_can_be_read(browser: Browser, path: Path, width: int, *, dark: bool) -> None:
    shown = browser.show(path, width=width, dark=dark)
    assert shown.requests == [path.as_uri()]
    assert shown.complaints == []
    assert shown.value("document.documentElement.scrollWidth") == width
    shown.value("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert shown.value("document.documentElement.scrollWidth") == width
    lowest, text = shown.value(CONTRAST)
    assert lowest >= 4.5, text
    assert shown.value(CLASHES) == []
    assert shown.value(SMALLEST) >= 11


def test_night_is_dark(browser: Browser, path: Path) -> None:
    paper = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number).reduce((a, b) => a + b)"
    day, night = (browser.show(path, dark=dark).value(paper) for dark in (False, True))
    assert night < 150
    assert day > 700


@pytest.mark.parametrize(("width", "shown_class"), [(1000, "wide"), (390, "narrow")])
def test_each_chart_is_shown_and_said_once(browser: Browser, path: Path, width: int, shown_class: str) -> None:
    shown = browser.show(path, width=width)
    shown.value("document.querySelectorAll('details').forEach(one => one.open = true)")
    classes = shown.value(
        "[...document.querySelectorAll('svg')].filter(s => s.checkVisibility()).map(s => s.parentElement.className)"
    )
    assert set(classes) == {shown_class}
    charts = [name for role, name in shown.accessible() if role == "image"]
    assert len(charts) == len(classes)
    assert all(len(name) > 30 for name in charts)


def test_headings_lead_through_it_without_a_gap(browser: Browser, path: Path) -> None:
    shown = browser.show(path)
    shown.value("document.querySelectorAll('details').forEach(one => one.open = true)")
    levels = shown.value("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => Number(h.tagName[1]))")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_verdict_with_its_reasons_comes_first_then_figures_then_charts(
    browser: Browser, hot: Judged, tmp_path: Path
) -> None:
    shown = browser.show(_write([hot], tmp_path), width=390)
    tops = shown.value(
        "['.verdict', '.heads', 'figure', 'table'].map(s => document.querySelector(s).getBoundingClientRect().top)"
    )
    assert tops == sorted(tops)
    assert tops[0] < 400
    verdict = shown.value("document.querySelector('.verdict').innerText")
    assert verdict.startswith("INVALID")
    for finding in hot.judgement.findings:
        assert finding.reason in verdict
        assert finding.remedy[1:] in verdict


def test_names_of_others_are_only_text(browser: Browser, hot: Judged, tmp_path: Path) -> None:
    shown = browser.show(_write([hot], tmp_path))
    said = HOSTILE.replace("\u202e", "\N{REPLACEMENT CHARACTER}")
    assert said in shown.value("document.querySelector('h1').textContent")
    assert shown.value("document.querySelectorAll('img, script, iframe').length") == 0


def test_a_percentile_without_its_samples_is_not_said(browser: Browser, tmp_path: Path) -> None:
    few = judged(measurement([0.002 + place * 1e-6 for place in range(100)]))
    shown = browser.show(_write([few], tmp_path))
    heads = shown.value("document.querySelector('.heads').innerText").split("\n")
    at = heads.index("p99")
    assert heads[at + 1 : at + 3] == ["n/a", "needs 662 samples, there are 100"]
    assert shown.value("[...document.querySelector('svg').querySelectorAll('.strong')].map(t => t.textContent)") == [
        "p50",
        "p90",
    ]


def test_a_link_opens_its_record(browser: Browser, several: list[Judged], tmp_path: Path) -> None:
    shown = browser.show(_write(several, tmp_path))
    opened = "[...document.querySelectorAll('details.record')].map(one => one.open)"
    assert not any(shown.value(opened))
    shown.value("document.querySelector('nav a:nth-of-type(3)').click()")
    shown.value("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    assert shown.value(opened) == [False, False, True, False, False]


def test_the_front_of_accuracy_and_latency_is_named(browser: Browser, several: list[Judged], tmp_path: Path) -> None:
    shown = browser.show(_write(several, tmp_path))
    caption = shown.value("[...document.querySelectorAll('figcaption')].map(one => one.textContent)")[1]
    assert caption.startswith("Nothing else here is both faster and more accurate than C (")
    assert ", B (" in caption
    rows = shown.value("document.querySelectorAll('figure')[1].querySelector('tbody').innerText")
    shown.value("document.querySelectorAll('details').forEach(one => one.open = true)")
    rows = shown.value("document.querySelectorAll('figure')[1].querySelector('tbody').innerText").split("\n")
    assert [row.split("\t")[-1] for row in rows] == ["yes", "no", "no", "yes", "yes"]


def test_one_sample_is_a_page_too(browser: Browser, tmp_path: Path) -> None:
    bare = measurement([0.002])
    shown = browser.show(_write([judged(bare)], tmp_path), width=390)
    assert shown.complaints == []
    assert shown.value(CLASHES) == []
    assert shown.value("document.querySelector('.word').textContent") == "INVALID"
