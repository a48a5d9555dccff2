"""Weights into a network: safetensors first, `.bin` only through torch's restricted unpickler, always to float32."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packager.capture.checkpoint import REMEDY, has_safetensors
from packager.capture.patches import take_pictures
from packager.capture.translate import translating
from packager.errors import SourceError

if TYPE_CHECKING:
    from transformers import PretrainedConfig, PreTrainedModel

SHOWN = 4


def load_model(
    folder: Path, model_class: type[PreTrainedModel], config: PretrainedConfig
) -> tuple[PreTrainedModel, frozenset[str]]:
    """The network in evaluation mode, and the parameters and buffers that the checkpoint has no value for.

    Raises SourceError for weights that are missing, truncated, of other sizes or would run code.
    """
    import torch

    what = f"the weights in {folder} cannot be loaded"
    with translating(what, SourceError, remedy=REMEDY):
        loaded: Any = model_class.from_pretrained(
            folder,
            config=deepcopy(config),
            dtype=torch.float32,
            attn_implementation="eager",
            use_safetensors=has_safetensors(folder),
            weights_only=True,
            local_files_only=True,
            output_loading_info=True,
        )
    model, report = loaded
    if report["mismatched_keys"]:
        name, stored, wanted = min(report["mismatched_keys"])
        raise SourceError(
            f"{what}: {name} has the shape {list(stored)}, config.json wants {list(wanted)}", remedy=REMEDY
        )
    if report["error_msgs"]:
        raise SourceError(f"{what}: {report['error_msgs'][0]}", remedy=REMEDY)
    return take_pictures(model.eval()), frozenset(report["missing_keys"])


def refuse_untrained(missing: frozenset[str], used: frozenset[str], architecture: str) -> None:
    """Raise SourceError where a parameter that the outputs depend on has no value in the checkpoint.

    transformers fills such a parameter with random numbers; one that no wanted output reads (a pooler) does no harm.
    """
    untrained = sorted(missing & used)
    if untrained:
        shown = ", ".join(untrained[:SHOWN]) + (", …" if len(untrained) > SHOWN else "")
        raise SourceError(
            f"the checkpoint has no values for {len(untrained)} parameters of {architecture}: {shown}",
            remedy="use a checkpoint that was trained for this task, or give the task that it was trained for",
        )
