"""A network that leaves its loop by its values is taken with all of its steps, and begins as it does itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
import transformers

from packager.capture import capture
from packager.capture.loops import WholeLoops, refuse_other_beginning
from packager.coverage.checkpoint import write_checkpoint
from packager.coverage.types import ModelType
from packager.errors import UnsupportedModelError
from packager.parity.reference import read_reference

STEPS = 8
TABLES = ModelType("tensors", "slanet")


def test_a_loop_that_ends_at_once_is_taken_to_its_last_step(tmp_path: Path) -> None:
    folder = write_checkpoint(TABLES, tmp_path / "slanet")
    model = transformers.SLANetForTableRecognition.from_pretrained(folder)
    with torch.no_grad():
        model.head.structure_generator.fc2.bias[-1] += 100.0  # the end comes first, whatever is seen
    model.save_pretrained(folder)
    (tmp_path / "captured").mkdir()
    captured = capture(folder, task="tensors", folder=tmp_path / "captured")
    assert captured.rewrites == ("whole_loops",)
    assert captured.graph.outputs[0].shape == ("batch", STEPS, 12)
    sample = read_reference(captured.samples, captured.reference)[1]
    pixels = torch.from_numpy(np.array(sample.inputs["pixel_values"]))
    with torch.no_grad():
        plain = model.eval()(pixel_values=pixels).last_hidden_state.numpy()
    assert plain.shape == (3, 1, 12)
    beginning = np.asarray(sample.expected["last_hidden_state"], np.float32)[:, :1]
    np.testing.assert_allclose(beginning, plain, atol=1e-5)


def test_only_the_question_whether_all_are_complete_is_answered() -> None:
    yes = torch.ones(2)
    with WholeLoops():
        assert not bool((yes == 1).all())
        assert bool((yes == 1).any())
        assert bool(yes.sum() == 2)
    assert bool((yes == 1).all())


@pytest.mark.parametrize("whole", [np.ones((1, 2), np.float32), np.zeros((3, 2), np.float32), np.ones(3, np.float32)])
def test_another_beginning_is_refused(whole: np.ndarray) -> None:
    plain = {"answer": np.ones((2, 2), np.float32)}
    refuse_other_beginning({"answer": np.ones((3, 2), np.float32)}, plain, "Loop")
    with pytest.raises(UnsupportedModelError, match="Loop leaves a loop by its values, and computes another answer"):
        refuse_other_beginning({"answer": whole}, plain, "Loop")
