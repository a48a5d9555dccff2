"""What a model says about its inputs, from its config, its processor and its tokenizer."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from edge.manifest import Dimension
from edge.preprocess.steps import PixelPipeline
from packager.capture.checkpoint import stored_dtype
from packager.capture.choose import Choice
from packager.capture.parts import memory_shape
from packager.capture.tokenizer import Tokenizer
from packager.errors import SourceError, UnsupportedModelError
from packager.tasks.host import HostTask
from packager.tasks.images import image_steps, processor_settings
from packager.tasks.plan import Axis, ModelFacts
from packager.tasks.text_inputs import SHORTEST

if TYPE_CHECKING:
    from transformers import PretrainedConfig, PreTrainedModel

# Where neither config.json nor a processor says how large images are.
USUAL_SIDE = 224
USUAL_LENGTH = 512
FEEDS = ("input_ids", "attention_mask", "token_type_ids")


def model_facts(
    model: PreTrainedModel, choice: Choice, config: PretrainedConfig, folder: Path, tokenizer: Tokenizer | None
) -> ModelFacts:
    """The facts of `model`, which needs no weights.

    Raises UnsupportedModelError or SourceError where they do not allow any input.
    """
    about: dict[str, Any] = {"problem_type": config.problem_type or "", "stored_dtype": stored_dtype(folder)}
    if choice.task.parts:
        return _facts_of_parts(model, choice, config, folder, about)
    if choice.modality.name == "image":
        return ModelFacts(**about, image=_image(choice.task, config, folder), strokes=choice.task.strokes)
    limit = _positions(model, config, tokenizer)
    if limit < SHORTEST:
        raise UnsupportedModelError(f"the network takes at most {limit} tokens", remedy="use another model")
    return ModelFacts(
        **about,
        sequence_limit=limit,
        vocabulary=_vocabulary(config, tokenizer),
        pad_id=_pad_id(config, tokenizer),
        end_id=_end_id(config),
        special_ids=tokenizer.special_ids if tokenizer else (),
        feeds=_feeds(model, config, tokenizer),
    )


def _facts_of_parts(
    model: PreTrainedModel, choice: Choice, config: Any, folder: Path, about: Mapping[str, Any]
) -> ModelFacts:
    """The facts of an encoder for images and of the decoder that looks at what it makes, each with its own config."""
    image = tuple(one for one in _image(choice.task, config.encoder, folder) if isinstance(one, int))
    return ModelFacts(
        **about,
        image=image,
        strokes=choice.task.strokes,
        memory=memory_shape(model, image),
        sequence_limit=_positions(model, config.decoder, None),
        vocabulary=_vocabulary(config.decoder, None),
    )


def labels_of(config: PretrainedConfig) -> tuple[str, ...]:
    """The classes in order of their ids; raises SourceError where the ids have gaps."""
    found: dict[int, str] = {int(key): str(name) for key, name in (config.id2label or {}).items()}
    if sorted(found) != list(range(len(found))):
        raise SourceError("id2label in config.json has gaps", remedy="number the labels from 0")
    return tuple(found[key] for key in sorted(found))


def _image(task: HostTask, config: PretrainedConfig, folder: Path) -> tuple[int | Axis, ...]:
    """Channels, height and width: what the processor makes, else what it or config.json says; or the task's ranges."""
    made: tuple[Dimension, ...] = ("channels", "height", "width")
    with suppress(UnsupportedModelError):  # tensors can be fed without a processor; image tasks need the steps later
        made = PixelPipeline(image_steps(folder)).shape
    open_sizes = {axis.name: axis for axis in task.sizes}
    said = _said_sizes(config, folder)
    return tuple(one if isinstance(one, int) else open_sizes.get(one) or said[one] for one in made)


def _said_sizes(config: PretrainedConfig, folder: Path) -> dict[str, int]:
    """What the processor's file or config.json says of sizes, where no step of ours fixes them."""
    side: Any = getattr(config, "image_size", USUAL_SIDE)
    height, width = side if isinstance(side, list | tuple) else (side, side)
    said: Any = processor_settings(folder).get("size")
    if isinstance(said, dict) and isinstance(said.get("height"), int) and isinstance(said.get("width"), int):
        height, width = said["height"], said["width"]
    return {"channels": int(getattr(config, "num_channels", 3)), "height": int(height), "width": int(width)}


def _positions(model: PreTrainedModel, config: PretrainedConfig, tokenizer: Tokenizer | None) -> int:
    """How many tokens the network has positions for, else what the tokenizer allows."""
    positions = int(getattr(config, "max_position_embeddings", 0) or 0)
    if positions <= 0:
        return (tokenizer.limit if tokenizer else 0) or USUAL_LENGTH
    return positions - _position_offset(model)


def _position_offset(model: PreTrainedModel) -> int:
    """RoBERTa and its kin number positions from behind the padding id, and mark that row of the table as padding."""
    tables = [module for name, module in model.named_modules() if name.endswith("position_embeddings")]
    padding = next((one.padding_idx for one in tables if getattr(one, "padding_idx", None) is not None), None)
    return 0 if padding is None else int(padding) + 1


def _vocabulary(config: PretrainedConfig, tokenizer: Tokenizer | None) -> int:
    """Ids that both sides know."""
    rows = int(getattr(config, "vocab_size", 0) or 0)
    return min(rows, tokenizer.size) if rows and tokenizer else rows or (tokenizer.size if tokenizer else 0)


def _pad_id(config: PretrainedConfig, tokenizer: Tokenizer | None) -> int:
    if tokenizer and tokenizer.pad_id is not None:
        return tokenizer.pad_id
    return int(getattr(config, "pad_token_id", 0) or 0)


def _end_id(config: PretrainedConfig) -> int:
    """Classifiers with an encoder and a decoder (BART, T5) read what stands at the end token."""
    end = getattr(config, "eos_token_id", None)
    return end if config.is_encoder_decoder and isinstance(end, int) else -1


def _feeds(model: PreTrainedModel, config: PretrainedConfig, tokenizer: Tokenizer | None) -> tuple[str, ...]:
    """The inputs that the tokenizer makes and the network takes."""
    accepted = inspect.signature(model.forward).parameters
    segments = int(getattr(config, "type_vocab_size", 0) or 0)
    made = tokenizer.names if tokenizer else FEEDS if segments > 1 else FEEDS[:2]
    unknown = [name for name in made if name in accepted and name not in FEEDS]
    if unknown:
        raise UnsupportedModelError(f"the tokenizer makes {unknown[0]}, which is not fed", remedy="use another model")
    return tuple(name for name in FEEDS if name in made and name in accepted)
