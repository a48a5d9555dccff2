from __future__ import annotations

from pathlib import Path

import pytest

from packager.capture.choose import Choice, choose
from packager.capture.config import load_config
from packager.errors import SourceError, UnsupportedModelError
from tests.support.checkpoints import change_config, write_bert, write_resnet, write_vit


def chosen(folder: Path, task: str = "auto") -> tuple[str, str, str]:
    choice: Choice = choose(load_config(folder), folder, task)
    return choice.task.name, choice.model_class.__name__, choice.modality.name


@pytest.mark.parametrize(
    ("architecture", "expected"),
    [
        ("BertForSequenceClassification", ("text-classification", "BertForSequenceClassification", "text")),
        ("BertForMaskedLM", ("feature-extraction", "BertModel", "text")),
        ("BertModel", ("feature-extraction", "BertModel", "text")),
    ],
)
def test_the_named_architecture_decides(architecture: str, expected: tuple[str, str, str], tmp_path: Path) -> None:
    assert chosen(change_config(write_bert(tmp_path / "model"), architectures=[architecture])) == expected


@pytest.mark.parametrize("architecture", ["BertForMultipleChoice", "BertForQuestionAnswering", "BertLMHeadModel"])
def test_another_head_is_refused_and_its_encoder_can_be_had(architecture: str, tmp_path: Path) -> None:
    folder = change_config(write_bert(tmp_path / "model"), architectures=[architecture])
    with pytest.raises(UnsupportedModelError, match=architecture) as caught:
        chosen(folder)
    assert "feature-extraction" in caught.value.remedy
    assert chosen(folder, "feature-extraction") == ("feature-extraction", "BertModel", "text")


def test_without_a_name_the_weights_decide(tmp_path: Path) -> None:
    classifier = change_config(write_vit(tmp_path / "classifier"), architectures=None)
    assert chosen(classifier) == ("image-classification", "ViTForImageClassification", "image")
    encoder = change_config(write_vit(tmp_path / "encoder", "ViTModel"), architectures=None)
    assert chosen(encoder) == ("feature-extraction", "ViTModel", "image")


def test_without_a_name_modules_json_means_features(tmp_path: Path) -> None:
    folder = change_config(write_bert(tmp_path / "model"), architectures=None)
    (folder / "modules.json").write_text("[]", encoding="utf-8")
    assert chosen(folder)[0] == "feature-extraction"


def test_a_task_that_the_type_cannot_do_is_refused(tmp_path: Path) -> None:
    folder = write_resnet(tmp_path / "model")
    with pytest.raises(UnsupportedModelError, match="text-classification"):
        chosen(folder, "text-classification")
    with pytest.raises(UnsupportedModelError, match="juggling"):
        chosen(folder, "juggling")


@pytest.mark.parametrize("changes", [{"hidden_sizes": "wide"}, {"num_labels": "many"}, {"layer_type": 7}])
def test_a_broken_config_is_refused(changes: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"config\.json"):
        chosen(change_config(write_resnet(tmp_path / "model"), architectures=None, **changes))


def test_quantised_weights_are_refused(tmp_path: Path) -> None:
    folder = change_config(write_resnet(tmp_path / "model"), quantization_config={"quant_method": "gptq", "bits": 4})
    with pytest.raises(UnsupportedModelError, match="quantised"):
        chosen(folder)
