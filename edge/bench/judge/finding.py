"""What a judge says of a measurement."""

from __future__ import annotations

from dataclasses import dataclass

from edge.records import Record

VALID = "VALID"
UNSTABLE = "UNSTABLE"
INVALID = "INVALID"
VERDICTS = (VALID, UNSTABLE, INVALID)
"""From good to bad. VALID can be quoted, UNSTABLE would be another next time, INVALID is not what was asked for."""


@dataclass(frozen=True, kw_only=True)
class Finding(Record):
    """One line of what is wrong and one of what would help; at the level VALID it is worth knowing and no more.

    A rule leaves `rule`, and `level` where it is the rule's own, to the judge.
    """

    rule: str = ""
    level: str = ""
    reason: str
    remedy: str


@dataclass(frozen=True, kw_only=True)
class Judgement(Record):
    """The worst level of the findings, and all of them, the worst first."""

    verdict: str
    findings: tuple[Finding, ...]
