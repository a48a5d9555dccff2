"""From labelled tokens to entities: neighbours that belong together become one part of the text."""

from __future__ import annotations

from collections.abc import Sequence

from edge.results import Span

BEGIN, INSIDE = "B-", "I-"


def entities(text: str, tokens: Sequence[Span], outside: str) -> tuple[Span, ...]:
    """Neighbours with the same label as one, with the mean of their scores; those with the label `outside` in none.

    `B-X` begins an entity X, `I-X` continues one or, where there is none to continue, begins it; a label without such
    a mark is its own X. That is the strategy `simple` of transformers' pipelines. It asks nothing of the tokenizer, not
    even what a word is, which not all writing systems say; so where a network labels the pieces of a word differently,
    that shows.
    """
    groups: list[list[Span]] = []
    running: str | None = None
    for token in tokens:
        kind = None if token.label == outside else _kind(token.label)
        if kind is not None:
            if kind != running or token.label.startswith(BEGIN):
                groups.append([])
            groups[-1].append(token)
        running = kind
    return tuple(_joined(text, group) for group in groups)


def span(text: str, label: str, place: tuple[int, int], score: float) -> Span:
    """The part of the text at `place`, its first character and the one behind its last."""
    start, end = place
    return Span(label, text[start:end], start, end, score)


def _kind(label: str) -> str:
    return label[len(BEGIN) :] if label.startswith((BEGIN, INSIDE)) else label


def _joined(text: str, group: Sequence[Span]) -> Span:
    score = sum(token.score for token in group) / len(group)
    return span(text, _kind(group[0].label), (group[0].start, group[-1].end), score)
