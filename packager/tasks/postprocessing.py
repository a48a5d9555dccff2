"""What the network's outputs mean, as steps: scores and labels, or vectors."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from edge.errors import BundleError
from edge.manifest import Step, TensorSpec
from edge.tasks.vectors import VectorPipeline
from packager.errors import SourceError, UnsupportedModelError
from packager.tasks.sentence import read_sentence
from packager.tasks.settings import Settings, read_settings

LABELS = "labels.txt"
LABELS_SHOWN = 5
THRESHOLD = 0.5
# What tagging schemes call a token that belongs to nothing.
OUTSIDE = "O"
# Outputs that hold one vector for an image.
WHOLE_IMAGE = ("pooler_output", "image_embeds")
MOST_LABELS = 1_000_000


def classification_steps(folder: Path, output: str = "logits") -> tuple[Step, ...]:
    """Scores as transformers' pipelines give them, then labels and the best five.

    Several labels at once, or a single one, get a sigmoid each; a regression stays as it is; all others a softmax.
    """
    config = read_settings(folder / "config.json")
    problem = config.text("problem_type", "")
    if problem == "regression":
        scores = []
    elif problem == "multi_label_classification" or len(labels(folder)) == 1:
        scores = [Step(kind="sigmoid", options={})]
    else:
        scores = [Step(kind="softmax", options={})]
    return (
        Step(kind="select", options={"output": output}),
        *scores,
        Step(kind="labels", options={"file": LABELS}),
        Step(kind="top_k", options={"k": LABELS_SHOWN}),
    )


def detection_steps(folder: Path, outputs: Sequence[TensorSpec]) -> tuple[Step, ...]:
    """Boxes with scores and labels as transformers gives them (`post_process_object_detection`).

    One class more than there are labels means "nothing here". Raises UnsupportedModelError for other numbers.
    """
    classes, known = next(spec.shape[-1] for spec in outputs if spec.name == "logits"), len(labels(folder))
    if classes not in (known, known + 1):
        raise UnsupportedModelError(
            f"the network tells {classes} classes apart, config.json names {known}", remedy="correct id2label"
        )
    options = {"logits": "logits", "boxes": "boxes", "background": classes == known + 1, "threshold": THRESHOLD}
    return Step(kind="boxes", options=options), Step(kind="labels", options={"file": LABELS})


def token_steps(output: str = "logits") -> tuple[Step, ...]:
    """A softmax over the labels of each token, as transformers' pipeline has it whatever `problem_type` says."""
    return (
        Step(kind="select", options={"output": output}),
        Step(kind="softmax", options={}),
        Step(kind="labels", options={"file": LABELS}),
        Step(kind="entities", options={"outside": OUTSIDE}),
    )


def labels(folder: Path) -> tuple[str, ...]:
    """The labels of config.json in the order of the logits; a line break in one becomes a space.

    Raises SourceError where they are numbered with gaps.
    """
    config = read_settings(folder / "config.json")
    named = config.inner("id2label")
    if not named.values:
        count = config.whole("num_labels", 2)
        if not 0 < count <= MOST_LABELS:
            raise SourceError(f"config.json: num_labels is {count}", remedy="correct the file")
        return tuple(f"LABEL_{number}" for number in range(count))
    keys = [str(number) for number in range(len(named.values))]
    if set(keys) != set(named.values):
        raise SourceError("config.json: id2label is not numbered from 0 without gaps", remedy="correct the file")
    return tuple(_one_line(named, key) for key in keys)


def labels_bytes(folder: Path) -> bytes:
    """The content of labels.txt, one label a line."""
    return "".join(f"{label}\n" for label in labels(folder)).encode()


def embedding_steps(folder: Path, outputs: Sequence[str]) -> tuple[Step, ...]:
    """One vector per input from the network's `outputs`.

    What a sentence-transformers repository declares; else the output of an image network that is one vector; else the
    mean over the tokens (which is what sentence-transformers does without a declaration).
    """
    sentence = read_sentence(folder)
    whole = next((name for name in WHOLE_IMAGE if name in outputs), None)
    if sentence is None and whole:
        return (Step(kind="select", options={"output": whole}),)
    modes = sentence.modes if sentence else ("mean",)
    output = "last_hidden_state" if "last_hidden_state" in outputs else outputs[0]
    steps = [Step(kind="pool", options={"output": output, "modes": list(modes)})]
    if sentence and sentence.unit:
        steps.append(Step(kind="l2_normalise", options={}))
    try:
        VectorPipeline(steps, outputs)
    except BundleError as error:
        raise UnsupportedModelError(error.message, remedy="build the network alone with --task tensors") from error
    return tuple(steps)


def _one_line(named: Settings, key: str) -> str:
    return " ".join(named.text(key, "").split()) or f"LABEL_{key}"
