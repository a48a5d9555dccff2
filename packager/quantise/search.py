"""The line of one stage and engine: schemes are made, judged and timed until the fastest inside the budget is known.

First every kind of scheme is tried once. What loses much in int8 is then improved: steps of `improve` that gain at
least GAIN points stay, and while it is over the budget the most sensitive nodes go back to float.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from edge.bundle import Bundle
from edge.engines import why_not
from edge.errors import EdgeError
from edge.machine import this_machine
from edge.manifest import Artifact, Stage
from edge.quantisation import Interval, SensitivityRecord
from packager.progress import note, step
from packager.quantise.choose import Choice, choose, points, times
from packager.quantise.clock import Clock, Timed
from packager.quantise.improve.mixed import mixed
from packager.quantise.job import Job
from packager.quantise.judging import judge
from packager.quantise.lite.sensitive import sensitive_layers
from packager.quantise.scheme import DYNAMIC, STATIC, Quantised, Scheme, quantiser_of
from packager.quantise.sensitive import sensitive_parts
from packager.quantise.trial import Trial, replaced_by, size_of, trial_bundle

GAIN = 0.2
"""Points that a step must gain to stay."""
STEPS = {STATIC: ("smooth", "correct-bias"), DYNAMIC: ("smooth",)}
"""Of `improve`, by precision."""
MOST_TIMED = 4
"""Candidates inside the budget whose latency is measured: one of each precision, then those that lose least."""


@dataclass(eq=False)
class Search:
    """One stage for one engine; `scratch` is a folder of its own."""

    job: Job
    stage: Stage
    engine: str
    clock: Clock
    scratch: Path
    trials: list[Trial] = field(default_factory=list)
    score: str = ""
    fp32_score: float = 0.0
    sensitivities: tuple[SensitivityRecord, ...] = ()
    _numbers: Iterator[int] = field(default_factory=count)

    def run(self, schemes: Sequence[Scheme]) -> Choice:
        """Try the schemes and what follows from them."""
        self.try_all(schemes)
        self._improve()
        self._keep_in_float()
        self._time()
        return choose(self.engine, size_of(self.job.fp32, self._artifacts()), self.trials, self.job.settings)

    def try_all(self, schemes: Sequence[Scheme]) -> list[Trial]:
        """Make and judge schemes that were not tried yet."""
        known = {trial.scheme for trial in self.trials}
        made = [self._make(scheme) for scheme in dict.fromkeys(schemes) if scheme not in known]
        able = [trial for trial in made if trial.bundle]
        if able:
            bundles = [trial.bundle for trial in able if trial.bundle]
            judged = judge(self.job.fp32, bundles, self.engine, self.job.inputs)
            self.score, self.fp32_score = judged.score, judged.fp32
            drops = dict(zip([trial.scheme for trial in able], judged.drops, strict=True))
            made = [_judged(trial, drops.get(trial.scheme)) for trial in made]
        for trial in made:
            told = f"loses {points(trial.drop)}" if trial.drop else trial.failure
            note("quantise", f"{self.stage.name}: {trial.scheme.title}: {told}")
        self.trials += made
        return made

    def _make(self, scheme: Scheme) -> Trial:
        folder = self.scratch / f"{next(self._numbers):03}"
        folder.mkdir()
        stage, feeds = self.stage, self.job.feeds.get(self.stage.name)
        try:
            with step("quantise", f"{stage.name}: {scheme.title}"):
                made = quantiser_of(scheme)(self.job.stage(stage), scheme, feeds, folder)
                self._say_left(made)
                size = self._size(made)
                if not self._runs_here(made.stand_in or made):
                    return Trial(scheme=scheme, quantised=made, size=size, failure=f"not judged: {made.not_run}")
                bundle = trial_bundle(self.job.fp32, stage, made.stand_in or made, folder / "trial.edge")
        except EdgeError as error:
            return Trial(scheme=scheme, failure=error.message)
        return Trial(scheme=scheme, quantised=made, bundle=bundle, size=size)

    def _artifacts(self) -> list[Artifact]:
        return [one for one in self.stage.artifacts if one.engine == self.engine]

    def _size(self, made: Quantised) -> int:
        """Of all the engine's files then, those of places that stay in fp32 included."""
        gone = replaced_by(self.stage, made.artifacts)
        stays = [one for one in self._artifacts() if one not in gone]
        return size_of(self.job.fp32, stays) + sum(path.stat().st_size for path in made.files.values())

    def _say_left(self, made: Quantised) -> None:
        for why, number in Counter(made.left.values()).items():
            note("quantise", f"{self.stage.name}: {number} in float: {why}")

    def _runs_here(self, made: Quantised) -> bool:
        """Whether any of it does: fp32 of another place would be judged instead."""
        requires = self.job.fp32.manifest.requires
        return any(not why_not(one, requires, this_machine()) for one in made.artifacts)

    def _best(self, precision: str) -> Trial | None:
        judged = [one for one in self.trials if one.scheme.precision == precision and one.drop]
        return min(judged, key=_loss, default=None)

    def _improve(self) -> None:
        """Steps, each alone; those that gain together."""
        for precision, steps in STEPS.items():
            best = self._best(precision)
            if not best or _loss(best) < GAIN or self.engine != "onnxruntime":
                continue
            singles = self.try_all([replace(best.scheme, steps=(*best.scheme.steps, name)) for name in steps])
            gained = tuple(one.scheme.steps[-1] for one in singles if one.drop and _loss(best) - _loss(one) >= GAIN)
            if len(gained) > 1:
                self.try_all([replace(best.scheme, steps=gained)])

    def _keep_in_float(self) -> None:
        """The most sensitive parts back in float, as few as keep the budget."""
        best, feeds = self._best(STATIC), self.job.feeds.get(self.stage.name)
        budget = self.job.settings.max_drop
        if not best or not best.quantised or _loss(best) <= budget or not feeds:
            return
        try:
            with step("quantise", f"{self.stage.name}: what each part loses when it is quantised alone"):
                self.sensitivities = self._sensitive(best.quantised, feeds)
        except EdgeError as error:
            note("quantise", f"{self.stage.name}: no sensitivities: {error.message}")
            return

        def holds(floats: tuple[str, ...]) -> bool:
            scheme = replace(best.scheme, floats=floats)
            if all(scheme != one.scheme for one in self.trials):
                self.try_all([scheme])
            return any(_loss(one) <= budget for one in self.trials if one.scheme == scheme)

        mixed(self.sensitivities, best.scheme.floats, holds)

    def _sensitive(self, made: Quantised, feeds: Path) -> tuple[SensitivityRecord, ...]:
        """The parts that can go back to float, worst first."""
        fp32 = self.job.stage(self.stage)
        folder = self.scratch / "sensitivity"
        folder.mkdir()
        if self.engine != "onnxruntime":
            return sensitive_layers(fp32.model, feeds, folder) if fp32.model else ()
        (quantised, *_) = made.files.values()
        return sensitive_parts(fp32.onnx, quantised, feeds, folder) if fp32.onnx else ()

    def _time(self) -> None:
        """Measure the latency of the candidates that may be kept."""
        able = sorted((one for one in self.trials if one.drop and _loss(one) <= self.job.settings.max_drop), key=_loss)
        if not self.clock.elsewhere:
            # What stands in for an artifact has another time.
            able = [one for one in able if one.quantised and not one.quantised.stand_in]
        first = {one.scheme.precision: one for one in reversed(able)}.values()
        chosen = list(dict.fromkeys((*first, *able)))[: max(MOST_TIMED, len(first))]
        if not chosen:
            return
        with step("quantise", f"{self.stage.name}: latency of {len(chosen)} candidates"):
            found = self.clock.measure([self._shipped(one) for one in chosen])
        timed = {one: _timed(one, ratio) for one, ratio in zip(chosen, found, strict=True)}
        self.trials = [timed.get(one, one) for one in self.trials]
        for one in timed.values():
            note("quantise", f"{self.stage.name}: {one.scheme.title}: {one.failure or times(one.ratio)}")

    def _shipped(self, trial: Trial) -> Bundle:
        """The bundle with what would be shipped, not with what stands in for it here."""
        if not trial.quantised or not trial.bundle:
            raise AssertionError("only what was judged is timed")
        if not trial.quantised.stand_in:
            return trial.bundle
        folder = self.scratch / f"{next(self._numbers):03}.edge"
        return trial_bundle(self.job.fp32, self.stage, trial.quantised, folder)


def _judged(trial: Trial, drop: Interval | str | None) -> Trial:
    if isinstance(drop, str):
        return replace(trial, failure=drop)
    return replace(trial, drop=drop)


def _timed(trial: Trial, found: Timed) -> Trial:
    return replace(trial, failure=found) if isinstance(found, str) else replace(trial, ratio=found)


def _loss(trial: Trial) -> float:
    return trial.drop.value if trial.drop else float("inf")
