"""`python -m benchmarks.quantise_ablation [CASE...]`: each step that is to make int8 more exact, on and off.

Renews benchmarks/results/quantise-ablation.json. A step stays in the product where it gains 0.2 points somewhere;
rows of one that was taken out are kept there as they were.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import onnx

from benchmarks.ablation.cases import CASES, Case, Outputs
from benchmarks.goals import Row, report
from benchmarks.places import BUILD, RESULTS
from benchmarks.record import write_results
from edge.quantisation import Interval
from packager.quantise.feeds import Feed, write_feeds
from packager.quantise.improve.observe import observed
from packager.quantise.onnx.worker import quantise
from packager.quantise.scheme import DYNAMIC, STATIC, Scheme

NAME = "quantise-ablation"
GAIN = 0.2
"""Points that a step has to gain."""
CONVOLUTIONS = (("correct-bias",),)
TRANSFORMERS = (("smooth",), ("correct-bias",), ("smooth", "correct-bias"))


@dataclass(frozen=True)
class Form:
    """A way to quantise, and the combinations of steps that are tried with it."""

    precision: str
    combinations: Sequence[Sequence[str]]
    method: str = ""

    @property
    def name(self) -> str:
        """Of a row."""
        return " ".join(filter(None, (self.precision, self.method)))


FORMS = {
    False: (Form(STATIC, CONVOLUTIONS, "min-max"), Form(STATIC, CONVOLUTIONS, "mse")),
    True: (Form(DYNAMIC, [("smooth",)]), Form(STATIC, TRANSFORMERS, "min-max")),
}
"""By whether the network is a transformer."""


def rows(case: Case, folder: Path) -> Iterator[Row]:
    """What each form loses against fp32 without any step, and what each combination of steps then gains."""
    folder.mkdir(parents=True, exist_ok=True)
    feeds = folder / "calibration"
    write_feeds(feeds, case.calibration)
    fp32 = _run(case.onnx, case.tested)
    for form in FORMS[case.transformer]:
        plain = _run(_quantise(case, form, (), feeds, folder), case.tested)
        lost = case.loss(fp32, fp32, plain)
        yield Row(f"{form.name}, no step", f"loses {_points(lost)}", met=True, value=lost.value)
        for steps in form.combinations:
            found = _run(_quantise(case, form, steps, feeds, folder), case.tested)
            lost, gained = case.loss(fp32, fp32, found), case.loss(fp32, found, plain)
            figure = f"gains {_points(gained)}, loses {_points(lost)}"
            yield Row(
                f"{form.name}, {' and '.join(steps)}: gains >= {GAIN:g} points",
                figure,
                gained.value >= GAIN,
                gained.value,
            )


def _points(found: Interval) -> str:
    return f"{found.value:.2f} ({found.low:.2f} to {found.high:.2f})"


def _run(path: Path, feeds: Sequence[Feed]) -> Outputs:
    return [values[0] for values in observed(onnx.load(path), feeds)]


def _quantise(case: Case, form: Form, steps: Sequence[str], feeds: Path, folder: Path) -> Path:
    """The network in this form, after and before these steps."""
    made = folder / "int8.onnx"
    scheme = Scheme(
        engine="onnxruntime",
        precision=form.precision,
        activations="u8" if form.method else "",
        method=form.method,
        steps=tuple(steps),
    )
    quantise(case.onnx, scheme, feeds, made)
    return made


def main(names: Sequence[str]) -> int:
    """Measure these networks, or all, and keep what was found of others; 0, since a step that gains nothing is news."""
    folder = BUILD / "benchmarks" / "ablation"
    folder.mkdir(parents=True, exist_ok=True)
    for name in names or CASES:
        case = CASES[name](folder)
        found = report(case.name, rows(case, folder / name))
        write_results(NAME, "python -m benchmarks.quantise_ablation", {**_kept(), case.name: found})
    return 0


def _kept() -> dict[str, list[Row]]:
    path = RESULTS / f"{NAME}.json"
    goals = json.loads(path.read_text(encoding="utf-8"))["goals"] if path.exists() else {}
    return {title: [Row(**row) for row in found] for title, found in goals.items()}


if __name__ == "__main__":
    logging.getLogger().setLevel(logging.ERROR)  # the quantiser advises on every call what our passes have done
    os.environ["TQDM_DISABLE"] = "1"
    sys.exit(main(sys.argv[1:]))
