from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image
from tokenizers import Tokenizer

import edge
from edge.errors import BundleError, EnvironmentLackError, InputError, SessionError
from edge.manifest import MANIFEST_NAME, Manifest
from edge.preprocess import open_inputs
from edge.runtime import Chain
from tests.support.bundles import FIXTURE
from tests.support.models import COLOURS, TOKENIZER, colour_bundle, word_bundle, word_vectors


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundles")
    colour_bundle(folder / "colour.edge")
    colour_bundle(folder / "one.edge", batch=1)
    colour_bundle(folder / "any-size.edge", sized=False)
    word_bundle(folder / "word.edge")
    return folder


def picture(colour: str, size: int = 12) -> NDArray[np.uint8]:
    return np.asarray(Image.new("RGB", (size, size), {"green": "lime"}.get(colour, colour)))


def label(result: edge.Result) -> str:
    assert isinstance(result, edge.Classification)
    return result.labels[0]


def changed(bundle: Path, **changes: Any) -> Path:
    path = bundle / MANIFEST_NAME
    path.write_bytes(replace(Manifest.from_bytes(path.read_bytes()), **changes).to_bytes())
    return bundle


@pytest.mark.parametrize("colour", COLOURS)
def test_an_image_gets_its_label(bundles: Path, tmp_path: Path, colour: str) -> None:
    file = io.BytesIO()
    Image.fromarray(picture(colour)).save(file, "PNG")
    path = tmp_path / "a.png"
    path.write_bytes(file.getvalue())
    with edge.load(bundles / "colour.edge", threads=1) as model:
        assert model.kind == "image"
        for given_image in (path, str(path), file.getvalue(), io.BytesIO(file.getvalue()), picture(colour)):
            result = model(given_image)
            assert label(result) == colour
            assert len(result.to_json()["labels"]) == 2


def test_every_stage_is_timed(bundles: Path) -> None:
    with edge.load(bundles / "colour.edge", threads=1) as model:
        timings = model(picture("red")).timings
    assert all(seconds > 0 for seconds in vars(timings).values())


@pytest.mark.parametrize("name", ["colour.edge", "one.edge", "any-size.edge"])
@given(colours=st.lists(st.sampled_from(COLOURS), max_size=9), batch=st.integers(1, 4))
def test_batches_give_what_single_inputs_give(bundles: Path, name: str, colours: list[str], batch: int) -> None:
    with edge.load(bundles / name, threads=1) as model:
        images = [picture(colour, 8 + number) for number, colour in enumerate(colours)]
        results = model.run_batch(images, batch)
        assert list(map(label, results)) == colours
        for single, together in zip(map(model, images), results, strict=True):
            assert isinstance(single, edge.Classification)
            assert isinstance(together, edge.Classification)
            np.testing.assert_allclose(single.scores, together.scores, rtol=1e-6)


def test_a_list_gives_a_list(bundles: Path) -> None:
    with edge.load(bundles / "colour.edge", threads=1) as model:
        assert [label(result) for result in model([picture("red"), picture("blue")])] == ["red", "blue"]
        assert model([]) == []


@given(texts=st.lists(st.text(max_size=40), min_size=1, max_size=6))
def test_texts_are_pooled_without_their_padding(bundles: Path, texts: list[str]) -> None:
    table, tokenizer = word_vectors(), Tokenizer.from_file(str(TOKENIZER))
    tokenizer.no_padding()
    tokenizer.enable_truncation(16)
    with edge.load(bundles / "word.edge", threads=1) as model:
        assert model.kind == "text"
        results = model.run_batch(texts, 4)
    for text, result in zip(texts, results, strict=True):
        mean = table[tokenizer.encode(text).ids].mean(axis=0)
        assert isinstance(result, edge.Embedding)
        np.testing.assert_allclose(result.vector, mean / np.linalg.norm(mean), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("batch", [1, 2, 8])
def test_a_bad_input_has_its_place_among_good_ones(bundles: Path, batch: int) -> None:
    given_inputs = [b"no image", picture("red"), picture("green"), b"", picture("blue")]
    with edge.load(bundles / "colour.edge", threads=1) as model:
        outcomes = list(model.outcomes(given_inputs, batch))
        said = [one.message if isinstance(one, InputError) else label(one) for one in outcomes]
        assert said[1:3] == ["red", "green"]
        assert said[4] == "blue"
        assert "not an image" in said[0]
        assert "empty" in said[3]
        with pytest.raises(InputError, match="not an image"):
            model.run_batch(given_inputs, batch)
        with pytest.raises(InputError, match="empty"):
            model(b"")


def test_inputs_are_read_as_they_are_needed(bundles: Path) -> None:
    taken: list[str] = []

    def images() -> Any:
        for colour in COLOURS:
            taken.append(colour)
            yield picture(colour)

    with edge.load(bundles / "colour.edge", threads=1) as model:
        outcomes = model.outcomes(images())
        next(outcomes)
        assert taken == ["red"]


def test_raw_tensors_go_in_and_out(tmp_path: Path) -> None:
    arrays: dict[str, NDArray[Any]] = {
        "x": np.eye(4, dtype=np.float32),
        "ids": np.ones((4, 2), np.int64),
        "mask": np.ones((4, 2), np.int64),
    }
    np.savez(tmp_path / "in.npz", x=arrays["x"], ids=arrays["ids"], mask=arrays["mask"])
    with edge.load(FIXTURE, threads=1) as model:
        assert model.kind == "tensors"
        for source in (arrays, tmp_path / "in.npz"):
            result = model(source)
            assert isinstance(result, edge.Tensors)
            np.testing.assert_array_equal(result.arrays["s"], np.ones((4, 2)))
            assert result.arrays["y"].shape == (4, 3)
        with pytest.raises(InputError, match="'ids'"):
            model({**arrays, "ids": arrays["ids"].astype(np.int32)})


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"engine": "tensorrt"}, "unknown engine 'tensorrt'"),
        ({"engine": "paddlelite"}, "nothing for paddlelite"),
        ({"threads": 0}, "0 threads"),
        ({"top_k": 0}, "no top 0"),
    ],
)
def test_options_that_cannot_be_are_refused(bundles: Path, options: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError, match=says):
        edge.load(bundles / "colour.edge", **options)
    with edge.load(bundles / "colour.edge") as model, pytest.raises(InputError, match="batch of 0"):
        list(model.outcomes([], 0))


def test_a_provider_that_is_not_there_is_an_error_only_where_it_must_be(
    bundles: Path, caplog: pytest.LogCaptureFixture
) -> None:
    wanted = ("CUDAExecutionProvider",)
    with edge.load(bundles / "colour.edge", threads=1, providers=wanted) as model:
        assert label(model(picture("red"))) == "red"
    assert "CUDAExecutionProvider" in caplog.text
    with pytest.raises(SessionError, match="CUDAExecutionProvider"):
        edge.load(bundles / "colour.edge", threads=1, providers=wanted, strict=True)


def test_what_the_manifest_excludes_is_refused(tmp_path: Path) -> None:
    bundle = colour_bundle(tmp_path / "colour.edge")
    requires = replace(edge.load(bundle).bundle.manifest.requires, machines=("pdp11",))
    with pytest.raises(EnvironmentLackError, match="pdp11"):
        edge.load(changed(bundle, requires=requires))


@pytest.mark.parametrize(("task", "says"), [("mind-reading", "mind-reading"), ("tensors", "no post-processing")])
def test_a_task_that_does_not_fit_is_refused(tmp_path: Path, task: str, says: str) -> None:
    with pytest.raises(BundleError, match=says):
        edge.load(changed(colour_bundle(tmp_path / "colour.edge"), task=task))


def test_unknown_steps_are_refused_before_the_engine_starts(tmp_path: Path) -> None:
    bundle = colour_bundle(tmp_path / "colour.edge")
    (stage,) = Manifest.from_bytes((bundle / MANIFEST_NAME).read_bytes()).stages
    for kind in ("blur", "decode"):
        steps = (replace(stage.preprocess[0], kind=kind), replace(stage.preprocess[1], kind="blur"))
        with pytest.raises(BundleError, match="blur"):
            edge.load(changed(bundle, stages=(replace(stage, preprocess=steps),)))


def test_steps_that_make_another_shape_are_refused(tmp_path: Path) -> None:
    bundle = colour_bundle(tmp_path / "colour.edge")
    (stage,) = Manifest.from_bytes((bundle / MANIFEST_NAME).read_bytes()).stages
    wider = replace(stage.preprocess[1], options={"filter": "box", "height": 8, "width": 9})
    steps = (stage.preprocess[0], wider, *stage.preprocess[2:])
    with pytest.raises(BundleError, match="the network takes"):
        edge.load(changed(bundle, stages=(replace(stage, preprocess=steps),)))


def test_an_artifact_of_a_fixed_batch_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="exactly 4 inputs"):
        edge.load(colour_bundle(tmp_path / "four.edge", batch=4))


def test_a_network_that_gives_fewer_results_than_inputs_is_refused(bundles: Path) -> None:
    with edge.load(bundles / "colour.edge", threads=1) as model:
        (stage,) = model.bundle.manifest.stages
        inputs = open_inputs(stage, model.bundle)
        lossy = Chain(model.bundle, model.artifact, model.session, inputs, lambda _outputs, _feeds, _prepared: [])
        with pytest.raises(BundleError, match=r"network\.onnx gives 0 results for 1 inputs"):
            lossy(picture("red"))


def test_several_stages_are_refused(tmp_path: Path) -> None:
    bundle = colour_bundle(tmp_path / "colour.edge")
    (stage,) = Manifest.from_bytes((bundle / MANIFEST_NAME).read_bytes()).stages
    with pytest.raises(BundleError, match="2 stages"):
        edge.load(changed(bundle, stages=(stage, replace(stage, name="second"))))
