"""The gate: what it lets through, what it stops, and what it says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from packager.errors import ParityError
from packager.parity.compare import check_hop
from packager.parity.reference import Sample
from packager.parity.tolerance import tolerance_of

Floats = NDArray[np.float32]


def sample(
    expected: Floats, *, key: str = "000", noise: float = 1e-7, valid: NDArray[np.bool_] | None = None
) -> Sample:
    """A sample with one output `y`; the double-precision result is off by `noise`."""
    return Sample(
        key=key,
        inputs={"x": np.zeros((expected.shape[0], 1), np.float32)},
        expected={"y": expected},
        precise={"y": expected.astype(np.float64) + noise},
        valid={} if valid is None else {"y": valid},
    )


def logits(batch: int = 3, classes: int = 5, seed: int = 0) -> Floats:
    return np.random.default_rng(seed).normal(size=(batch, classes)).astype(np.float32)


def test_equal_outputs_pass_and_are_recorded() -> None:
    samples = (sample(logits(1), key="000"), sample(logits(3), key="001"))
    (hop,) = check_hop("onnxruntime", samples, {s.key: s.expected for s in samples}, classifier=True)
    assert (hop.hop, hop.output, hop.max_abs, hop.top1, hop.batches, hop.samples) == (
        "onnxruntime",
        "y",
        0.0,
        1.0,
        (1, 3),
        2,
    )
    assert hop.cosine == pytest.approx(1.0)


@given(st.integers(0, 14), st.floats(2.0, 1e6), st.sampled_from([-1.0, 1.0]))
def test_any_single_element_over_the_tolerance_stops_the_build(element: int, factor: float, sign: float) -> None:
    expected = sample(logits())
    limit = tolerance_of("y", [expected]).limit
    got = expected.expected["y"].astype(np.float64)
    got.flat[element] += sign * factor * limit
    row, column = divmod(element, 5)
    with pytest.raises(ParityError, match=rf"onnxruntime: the output 'y' is off by .* element \({row}, {column}\)"):
        check_hop("onnxruntime", [expected], {"000": {"y": got}}, classifier=False)


@given(st.floats(0.0, 0.9), st.integers(0, 100))
def test_errors_within_the_tolerance_pass(share: float, seed: int) -> None:
    expected = sample(logits(seed=seed))
    limit = tolerance_of("y", [expected]).limit
    got = expected.expected["y"].astype(np.float64) + share * limit
    (hop,) = check_hop("paddle", [expected], {"000": {"y": got}}, classifier=False)
    assert hop.max_abs <= hop.tolerance


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_stops_the_build(bad: float) -> None:
    expected = sample(logits())
    got = expected.expected["y"].copy()
    got[2, 3] = bad
    with pytest.raises(ParityError, match=r"off by inf at element \(2, 3\)"):
        check_hop("paddle", [expected], {"000": {"y": got}}, classifier=False)


def test_a_wrong_shape_is_named() -> None:
    expected = sample(logits())
    with pytest.raises(ParityError, match=r"has shape \(3, 4\) instead of \(3, 5\)"):
        check_hop("paddle", [expected], {"000": {"y": expected.expected["y"][:, :4]}}, classifier=False)


def test_a_missing_output_is_named() -> None:
    with pytest.raises(ParityError, match="'y' is missing; there are z"):
        check_hop("paddle", [sample(logits())], {"000": {"z": logits()}}, classifier=False)


def test_padding_does_not_count_but_the_rest_does() -> None:
    expected = np.random.default_rng(1).normal(size=(2, 4, 3)).astype(np.float32)
    valid = np.array([[1, 1, 0, 0], [1, 1, 1, 1]], bool)
    known = sample(expected, valid=valid)
    got = expected.copy()
    got[0, 2:] = 99.0
    (hop,) = check_hop("paddle", [known], {"000": {"y": got}}, classifier=False)
    assert hop.max_abs == 0.0
    got[0, 1, 0] += 1.0
    with pytest.raises(ParityError, match=r"element \(0, 1, 0\)"):
        check_hop("paddle", [known], {"000": {"y": got}}, classifier=False)


def test_the_top_of_padding_is_no_agreement() -> None:
    expected = np.random.default_rng(1).normal(size=(2, 4, 3)).astype(np.float32)
    known = sample(expected, valid=np.array([[1, 1, 0, 0], [1, 1, 1, 1]], bool))
    got = expected.copy()
    got[0, 2:] = -expected[0, 2:]
    (hop,) = check_hop("paddle", [known], {"000": {"y": got}}, classifier=True)
    assert hop.top1 == 1.0


def test_an_output_that_never_differs_cannot_be_judged() -> None:
    constant = np.repeat(logits(1), 3, axis=0)
    with pytest.raises(ParityError, match="same for every sample"):
        check_hop("paddle", [sample(constant)], {"000": {"y": constant}}, classifier=False)


def test_a_common_offset_does_not_hide_an_error() -> None:
    """Outputs of 1000 ± 0.01 with an error of 0.005: relative to the output nothing, relative to the spread half."""
    spread = 0.01 * logits(seed=3)
    expected = (1000.0 + spread).astype(np.float32)
    got = expected.astype(np.float64)
    got[0, 0] += 0.005
    with pytest.raises(ParityError, match="off by"):
        check_hop("paddle", [sample(expected)], {"000": {"y": got}}, classifier=False)


@given(st.floats(1e-9, 1e-1), st.floats(1e-3, 1e3))
def test_the_tolerance_keeps_its_bounds(noise: float, scale: float) -> None:
    known = tolerance_of("y", [sample((scale * logits()).astype(np.float32), noise=noise)])
    assert known.limit <= 1e-4 * known.scale * (1 + 1e-6)
    assert known.limit <= max(50 * known.noise, 1e-5 * known.scale) * (1 + 1e-6)
