"""What is refused before any weight is loaded."""

from __future__ import annotations

import pytest
import transformers

from packager.capture.architecture import on_meta
from packager.capture.preflight import preflight
from packager.errors import UnsupportedModelError
from packager.lower.registry import lowerings
from packager.tasks.plan import ModelFacts
from packager.tasks.registry import MODALITIES, TASKS
from tests.support.checkpoints import ENCODER, VISION

FACTS = ModelFacts(sequence_limit=64, vocabulary=200, feeds=("input_ids", "token_type_ids"), image=(3, 32, 32))


def fly(
    model_class: type[transformers.PreTrainedModel], config: transformers.PretrainedConfig, task: str
) -> frozenset[str]:
    modality = next(one for one in MODALITIES.values() if one.main_input == model_class.main_input_name)
    plan = modality.inputs(FACTS)
    return preflight(on_meta(model_class, config), "meta", plan, (), TASKS[task].outputs[modality.name]).parameters


@pytest.mark.filterwarnings("ignore")
def test_operators_without_a_lowering_are_named_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {op: one for op, one in lowerings().items() if "fft" not in op}
    monkeypatch.setattr("packager.lower.registry._LOWERINGS", kept)
    config = transformers.FNetConfig(**{key: one for key, one in ENCODER.items() if key != "num_attention_heads"})
    with pytest.raises(UnsupportedModelError, match=r"no lowering: .*aten\._?fft\S* x2 \(encoder\.layer\.0\.fourier"):
        fly(transformers.FNetModel, config, "feature-extraction")


@pytest.mark.filterwarnings("ignore")
def test_the_parameters_that_the_outputs_read_are_known() -> None:
    config = transformers.ViTConfig(**VISION, image_size=32, patch_size=8)
    used = fly(transformers.ViTForImageClassification, config, "image-classification")
    assert used == {name for name, _ in transformers.ViTForImageClassification(config).named_parameters()}
