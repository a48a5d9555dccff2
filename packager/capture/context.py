"""Whether the tokens of a text see each other.

Where transformers lacks the kernel of an attention on this processor, some networks compute zeros in its place and go
on (MRA without CUDA). Every hop would agree with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray

from packager.capture.wrapper import wanted
from packager.errors import UnsupportedModelError
from packager.tasks.host import Fields
from packager.tasks.modality import Feeds
from packager.tasks.text_inputs import MASK, TEXT

if TYPE_CHECKING:
    from transformers import PreTrainedModel

Arrays = dict[str, NDArray[np.generic]]


def refuse_without_context(model: PreTrainedModel, fields: Fields, feeds: Feeds) -> None:
    """Raise UnsupportedModelError where an output for one token, or for a text, is that of one token alone.

    The first text of `feeds` is changed but for its first token, then but for its last. What is said of a whole text
    must change both times; what is said of the kept token once at least, because decoders do not look ahead.
    """
    feeds = {name: one[:1] for name, one in feeds.items()}
    ids = feeds[TEXT.main_input]
    length = int(feeds[MASK].sum()) if MASK in feeds else ids.shape[1]
    moved = ids.copy()
    moved[:, :length] = np.roll(ids[:, :length], length // 2, axis=1)
    expected = _run(model, fields, feeds)
    changed: dict[str, list[bool]] = {name: [] for name in expected}
    for kept in (0, length - 1):
        other = moved.copy()
        other[:, kept] = ids[:, kept]
        for name, found in _run(model, fields, {**feeds, TEXT.main_input: other}).items():
            counted = (slice(None), kept) if _by_token(found, ids) else ...
            changed[name].append(not np.array_equal(found[counted], expected[name][counted]))
    for name, seen in changed.items():
        if not (any(seen) if _by_token(expected[name], ids) else all(seen)):
            raise UnsupportedModelError(
                f"{type(model).__name__} gives the same {name} for any other tokens: its attention does nothing",
                remedy="use another model; transformers may have its attention for graphics processors only",
            )


def _by_token(output: NDArray[np.generic], ids: NDArray[np.generic]) -> bool:
    return output.ndim > 2 and output.shape[:2] == ids.shape


def _run(model: PreTrainedModel, fields: Fields, feeds: Feeds) -> Arrays:
    tensors = {name: torch.from_numpy(np.ascontiguousarray(one)) for name, one in feeds.items()}
    with torch.no_grad():
        found = wanted(model(**tensors, return_dict=True), fields)
    return {name: one.numpy() for name, one in found.items()}
