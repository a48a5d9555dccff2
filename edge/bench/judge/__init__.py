"""Judges a measurement: whether its figures may be quoted, and if not, why and what would help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from edge.bench.judge.finding import INVALID, UNSTABLE, VALID, VERDICTS, Finding, Judgement
from edge.bench.judge.rules import RULES, Rule
from edge.bench.record import Measurement
from edge.bench.statistics.summary import Summary

__all__ = ["INVALID", "RULES", "UNSTABLE", "VALID", "Finding", "Judgement", "judge"]


def judge(done: Measurement, summary: Summary, rules: Mapping[str, Rule] = RULES) -> Judgement:
    """All findings of all rules, the worst first; the verdict is the worst level, VALID where there are none."""
    findings = [
        replace(found, rule=rule.id, level=VALID if done.scenario in rule.noted_in else found.level or rule.level)
        for rule in rules.values()
        for found in rule.check(done, summary)
    ]
    findings.sort(key=lambda found: VERDICTS.index(found.level), reverse=True)
    return Judgement(verdict=findings[0].level if findings else VALID, findings=tuple(findings))
