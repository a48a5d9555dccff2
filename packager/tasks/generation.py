"""How a decoder is asked for token after token, as the step `greedy`."""

from __future__ import annotations

from pathlib import Path

from edge.manifest import Step
from packager.errors import UnsupportedModelError
from packager.tasks.settings import Settings, read_settings
from packager.tasks.texts import TOKENIZER

# Where a model says no length transformers allows 20 tokens behind the first.
USUAL_LENGTH = 21


def greedy_steps(folder: Path, positions: int) -> tuple[Step, ...]:
    """The likeliest token each time, as `generate(do_sample=False, num_beams=1)` of transformers does.

    generation_config.json comes first, then config.json and the decoder's part of it. A text has at most `positions`
    tokens. Raises UnsupportedModelError where no token begins or ends a text, SourceError for a broken file.
    """
    generation, config = read_settings(folder / "generation_config.json"), read_settings(folder / "config.json")
    places = (generation, config, config.inner("decoder"))
    start = _first(places, "decoder_start_token_id", "bos_token_id")
    end = _first(places, "eos_token_id")
    if start is None or end is None:
        raise UnsupportedModelError(
            f"{folder.name} says no token that {'begins' if start is None else 'ends'} a text",
            remedy="add decoder_start_token_id and eos_token_id to generation_config.json",
        )
    length = generation.whole("max_new_tokens", 0) + 1
    if length == 1:
        length = _first((generation, config), "max_length") or USUAL_LENGTH
    options = {"file": TOKENIZER, "start": start, "end": end, "max_length": min(length, positions)}
    return (Step(kind="greedy", options=options),)


def _first(places: tuple[Settings, ...], *names: str) -> int | None:
    """The first of these settings that is anywhere, as a whole number."""
    for name in names:
        for place in places:
            if place.get(name) is not None:
                return place.whole(name, 0)
    return None
