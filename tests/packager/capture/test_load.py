from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from packager.capture.choose import choose
from packager.capture.config import load_config
from packager.capture.load import load_model, refuse_untrained
from packager.errors import SourceError
from tests.support.checkpoints import change_config, write_resnet


def load(folder: Path) -> frozenset[str]:
    config = load_config(folder)
    return load_model(folder, choose(config, folder, "auto").model_class, config)[1]


class Opens:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return open, (str(self.path), "w")


def test_code_in_a_pickle_does_not_run(tmp_path: Path) -> None:
    folder = write_resnet(tmp_path / "model")
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps({"weight": Opens(tmp_path / "executed")}))
    with pytest.raises(SourceError, match="cannot be loaded"):
        load(folder)
    assert not (tmp_path / "executed").exists()


def test_weights_in_bin_are_loaded(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file

    folder = write_resnet(tmp_path / "model")
    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    assert load(folder) == frozenset()


@pytest.mark.parametrize("kept", [0, 7, 200, 5000])
def test_truncated_weights_are_refused(kept: int, tmp_path: Path) -> None:
    folder = write_resnet(tmp_path / "model")
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:kept])
    with pytest.raises(SourceError, match="cannot be loaded"):
        load(folder)


def test_weights_of_another_size_are_refused(tmp_path: Path) -> None:
    folder = change_config(write_resnet(tmp_path / "model"), hidden_sizes=[8, 24])
    with pytest.raises(SourceError, match="cannot be loaded"):
        load(folder)


def test_missing_weights_are_told(tmp_path: Path) -> None:
    folder = change_config(write_resnet(tmp_path / "model"), depths=[1, 3])
    missing = load(folder)
    assert any("layers.2" in name for name in missing)
    with pytest.raises(SourceError, match="no values for"):
        refuse_untrained(missing, missing, "ResNet")
    refuse_untrained(missing, frozenset(), "ResNet")


def test_a_checkpoint_without_files_is_refused(tmp_path: Path) -> None:
    folder = write_resnet(tmp_path / "model")
    (folder / "model.safetensors").unlink()
    with pytest.raises(SourceError, match="cannot be loaded"):
        load(folder)
