"""What the search for one stage and engine came to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from edge.quantisation import CHOSEN, REJECTED, CandidateRecord, Interval
from packager.quantise.choose import Choice, points
from packager.quantise.scheme import Quantised
from packager.quantise.search import Search


@dataclass(frozen=True)
class Found:
    """The candidates of one stage and engine, and the one that is kept."""

    search: Search
    choice: Choice

    @property
    def kept(self) -> Quantised | None:
        """What replaces fp32, if anything."""
        return self.choice.trial.quantised if self.choice.trial else None

    @property
    def loss(self) -> float:
        """Points that the one that is kept loses, alone."""
        trial = self.choice.trial
        return trial.drop.value if trial and trial.drop else 0.0

    def given_up(self, together: Interval, budget: float) -> Found:
        """Back to fp32, since all stages together lose too much."""
        reason = f"all stages together lose {points(together)}, over the budget of {budget:g}; this one loses most"

        def record(one: CandidateRecord) -> CandidateRecord:
            if one.precision == "fp32":
                return replace(one, verdict=CHOSEN, reason="what was kept of this stage, with others, lost too much")
            return replace(one, verdict=REJECTED, reason=reason) if one.verdict == CHOSEN else one

        return replace(self, choice=Choice(None, tuple(map(record, self.choice.candidates))))
