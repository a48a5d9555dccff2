"""Fifty sentences of one to forty-odd words, with punctuation, digits and letters beyond ASCII."""

from __future__ import annotations

_OPENINGS = (
    "Rain.",
    "The train to Zürich leaves at 7:45.",
    "A naïve reader might believe that the café never closes, but on Mondays it does.",
    "She measured the voltage twice, wrote down 3.3 V and 5.1 V, and then unplugged the board.",
    "Does the small computer on the shelf still answer when nobody has asked it anything for a week?",
)
_SUBJECTS = ("bakery", "weather station", "old library", "football match", "garden")
_ENDINGS = (
    "{opening}",
    "{opening} That is what the {subject} is known for.",
)

SENTENCES = tuple(
    ending.format(opening=f"{subject.capitalize()}: {opening}", subject=subject)
    for opening in _OPENINGS
    for subject in _SUBJECTS
    for ending in _ENDINGS
)
