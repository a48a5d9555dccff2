from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.results import Span
from edge.tasks.entities import entities

LABELS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "MISC", "I-", "B-O", "I-O")


def read(labels: list[str]) -> list[tuple[str, str]]:
    """Label and text of the entities in `a b c d ...` with these labels."""
    text = " ".join("abcdefghijkl"[: len(labels)])
    tokens = [Span(label, text[2 * at], 2 * at, 2 * at + 1, 0.5) for at, label in enumerate(labels)]
    found = entities(text, tokens, "O")
    assert all(text[one.start : one.end] == one.text for one in found)
    return [(one.label, one.text) for one in found]


@pytest.mark.parametrize(
    ("labels", "found"),
    [
        ("", []),
        ("O O", []),
        ("B-PER I-PER O I-LOC", [("PER", "a b"), ("LOC", "d")]),
        ("B-PER B-PER I-PER", [("PER", "a"), ("PER", "b c")]),
        ("I-PER I-LOC I-LOC", [("PER", "a"), ("LOC", "b c")]),
        ("B-PER I-LOC", [("PER", "a"), ("LOC", "b")]),
        ("I-PER O I-PER", [("PER", "a"), ("PER", "c")]),
        ("MISC MISC O MISC", [("MISC", "a b"), ("MISC", "d")]),
        ("O I-O B-O", [("O", "b"), ("O", "c")]),
        ("I- I-", [("", "a b")]),
    ],
)
def test_neighbours_with_the_same_label_are_one(labels: str, found: list[tuple[str, str]]) -> None:
    assert read(labels.split()) == found


def test_the_score_is_the_mean() -> None:
    tokens = [Span("B-PER", "a", 0, 1, 0.5), Span("I-PER", "b", 2, 3, 1.0)]
    assert entities("a b", tokens, "O") == (Span("PER", "a b", 0, 3, 0.75),)


@given(st.lists(st.sampled_from(LABELS), max_size=12))
def test_every_token_with_a_label_is_in_one_entity_of_its_kind(labels: list[str]) -> None:
    found = read(labels)
    letters = [(label, letter) for label, text in found for letter in text.split()]
    kinds = [(label.removeprefix("B-").removeprefix("I-"), "abcdefghijkl"[at]) for at, label in enumerate(labels)]
    assert letters == [pair for pair, label in zip(kinds, labels, strict=True) if label != "O"]


@given(st.lists(st.sampled_from(LABELS[:6]), max_size=12))
def test_groups_equal_those_of_transformers(labels: list[str]) -> None:
    from transformers import TokenClassificationPipeline

    class Grouping(TokenClassificationPipeline):  # type: ignore[misc]
        """The pipeline's rules without its network: only labels are asked for."""

        def __init__(self) -> None:
            pass

        def group_sub_entities(self, entities: list[dict[str, str]]) -> dict[str, str]:
            return {"label": entities[0]["entity"].split("-", 1)[-1], "text": " ".join(e["word"] for e in entities)}

    given_tokens = [{"entity": label, "word": "abcdefghijkl"[at]} for at, label in enumerate(labels)]
    theirs = Grouping().group_entities(given_tokens) if labels else []
    assert read(labels) == [(one["label"], one["text"]) for one in theirs if one["label"] != "O"]
