from __future__ import annotations

import contextlib
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from edge.bundle import open_bundle
from edge.errors import BundleError, CheckError, EdgeError, EnvironmentLackError, InputError, SessionError
from edge.machine import this_machine
from edge.verify import verify
from tests.support.bundles import FIXTURE, change_manifest, changed_manifests, copy_bundle, reseal


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return copy_bundle(tmp_path)


def change_stage(path: Path, **fields: Any) -> None:
    change_manifest(path, lambda data: data["stages"][0].update(fields))


def test_every_engine_that_fits_is_run_and_the_others_are_told() -> None:
    done = verify(open_bundle(FIXTURE))
    assert {(check.engine, check.output) for check in done.checks} == {
        (engine, output) for engine in ("onnxruntime", "paddlelite") for output in ("y", "s")
    }
    assert all(check.vectors == 2 and check.max_abs <= check.tolerance for check in done.checks)
    assert [skipped.file for skipped in done.not_run] == ["network.arm.nb"]


def test_without_paddle_lite_onnx_runtime_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EDGEPACK_LITE_PYTHON")
    done = verify(open_bundle(FIXTURE))
    assert {check.engine for check in done.checks} == {"onnxruntime"}
    assert len(done.not_run) == 2
    with pytest.raises(SessionError, match="Paddle Lite is not installed"):
        verify(open_bundle(FIXTURE), "paddlelite")


@pytest.mark.parametrize("engine", ["onnxruntime", "paddlelite"])
def test_an_output_over_its_tolerance_is_named_with_element_and_error(path: Path, engine: str) -> None:
    golden = path / "golden" / "batch-3.npz"
    with np.load(golden) as file:
        arrays = {name: file[name] for name in file.files}
    arrays["out:y"][2, 1] += 0.5
    np.savez(golden, **arrays)
    reseal(path)
    with pytest.raises(
        CheckError, match=rf"{engine} gives .* element \(2, 1\) of 'y'.*off by 0\.5, .*batch-3"
    ) as caught:
        verify(open_bundle(path), engine)
    assert caught.value.exit_code == 1


def test_the_tolerance_is_the_builds(path: Path) -> None:
    change_manifest(path, lambda data: data["stages"][0]["parity"][0].update(tolerance=-1.0))
    with pytest.raises(CheckError, match="allowed -1"):
        verify(open_bundle(path), "onnxruntime")


def test_an_engine_whose_parity_was_not_measured_is_not_believed(path: Path) -> None:
    change_stage(path, parity=[])
    with pytest.raises(BundleError, match="no parity"):
        verify(open_bundle(path), "onnxruntime")


def test_a_bundle_without_golden_vectors_is_not_verified(path: Path) -> None:
    change_stage(path, golden=[])
    with pytest.raises(BundleError, match="no golden"):
        verify(open_bundle(path))


def test_an_engine_that_is_unknown_or_not_in_the_bundle_is_a_wrong_option(path: Path) -> None:
    with pytest.raises(InputError, match="tflite") as caught:
        verify(open_bundle(path), "tflite")
    assert "onnxruntime, paddlelite" in caught.value.remedy
    change_manifest(path, lambda data: data["stages"][0]["artifacts"].pop(0))
    with pytest.raises(InputError, match="onnxruntime") as caught:
        verify(open_bundle(path), "onnxruntime")
    assert "it has: paddlelite" in caught.value.remedy


def test_requirements_exclude_before_anything_runs() -> None:
    weak = replace(this_machine(), memory_bytes=1 << 20)
    with pytest.raises(EnvironmentLackError, match="64 MiB"):
        verify(open_bundle(FIXTURE), machine=weak)


def test_an_engine_version_outside_the_range_is_no_engine(path: Path) -> None:
    change_manifest(path, lambda data: data["requires"].update(engines={"onnxruntime": ">=99", "paddlelite": ">=99"}))
    with pytest.raises(EnvironmentLackError, match=">=99"):
        verify(open_bundle(path))


def test_an_artifact_with_other_inputs_than_the_manifest_says_is_refused(path: Path) -> None:
    change_manifest(path, lambda data: data["stages"][0]["inputs"][1].update(dtype="int32"))
    with pytest.raises(BundleError, match=r"network\.onnx: the manifest says"):
        verify(open_bundle(path), "onnxruntime")


@given(manifest=changed_manifests())
def test_whatever_the_manifest_says_nothing_but_our_errors_is_raised(manifest: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bundle = copy_bundle(Path(folder))
        (bundle / "bundle.json").write_bytes(manifest)
        with contextlib.suppress(EdgeError):
            verify(open_bundle(bundle), "onnxruntime")
