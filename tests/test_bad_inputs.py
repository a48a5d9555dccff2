"""Bad inputs at the front door: the installed commands, their exit code, one line and its remedy, nothing left behind.

Images are tried on a bundle that takes images, in `make shows`; here they would need a build.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.models.card import write_card, write_image_settings
from tests.support.bad_inputs import BAD, QUANTISING_TENSORS, Bad, Materials, architectures, images, judge, models
from tests.support.hub_server import HubServer

BUNDLE = Path(__file__).resolve().parent / "fixtures" / "format-1.edge"
REPOSITORY = "edgepack/tiny"

# These start a build, or most of one.
LONG = (
    architectures.data_dependent_branch,
    architectures.operator_without_lowering,
    models.code_of_the_repository,
    models.disk_full,
    models.no_lite_interpreter,
)


def _cases() -> Iterator[object]:
    for bad in (*BAD, *QUANTISING_TENSORS):
        if bad.make.__module__ != images.__name__:
            yield pytest.param(bad, id=bad.name, marks=pytest.mark.full if bad.make in LONG else ())


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from transformers import ResNetConfig, ResNetForImageClassification

    folder = tmp_path_factory.mktemp("bad") / "tiny"
    config = ResNetConfig(embedding_size=4, hidden_sizes=[4, 8], depths=[1, 1], layer_type="basic", num_labels=3)
    ResNetForImageClassification(config).save_pretrained(folder)
    write_card(folder)
    write_image_settings(folder, 32)
    return folder


@pytest.fixture(scope="module")
def materials(model: Path) -> Iterator[Materials]:
    with HubServer({REPOSITORY: {"main": model}}) as hub:
        yield Materials(model.parent, model, BUNDLE, model / "config.json", hub.endpoint, REPOSITORY)


@pytest.mark.parametrize("bad", list(_cases()))
def test_bad_input_is_refused(bad: Bad, materials: Materials, tmp_path: Path) -> None:
    verdict = judge(bad, dataclasses.replace(materials, scratch=tmp_path))
    assert not verdict.faults, verdict.message
