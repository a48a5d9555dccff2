from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from edge.errors import InputError
from packager.capture.real import read_real
from packager.tasks.plan import ModelFacts
from packager.tasks.text_inputs import inputs

PLAN = inputs(ModelFacts(sequence_limit=16, feeds=("input_ids", "attention_mask")))


def ids(*shape: int) -> NDArray[np.int64]:
    return np.ones(shape, np.int64)


def test_several_calls_come_in_order(tmp_path: Path) -> None:
    np.savez(
        tmp_path / "real.npz",
        **{  # type: ignore[arg-type]
            "b/input_ids": ids(2, 5),
            "b/attention_mask": ids(2, 5),
            "a/input_ids": ids(1, 9),
            "a/attention_mask": ids(1, 9),
        },
    )
    assert [call["input_ids"].shape for call in read_real(tmp_path / "real.npz", PLAN)] == [(1, 9), (2, 5)]


@pytest.mark.parametrize(
    "arrays",
    [
        {"input_ids": ids(1, 5)},
        {"input_ids": ids(1, 5), "attention_mask": ids(1, 5), "more": ids(1, 5)},
        {"input_ids": ids(1, 5), "attention_mask": ids(1, 6)},
        {"input_ids": ids(1, 17), "attention_mask": ids(1, 17)},
        {"input_ids": ids(1, 3), "attention_mask": ids(1, 3)},
        {"input_ids": ids(5), "attention_mask": ids(5)},
        {"input_ids": ids(1, 5).astype(np.int32), "attention_mask": ids(1, 5)},
        {"input_ids": np.array([None]), "attention_mask": ids(1, 5)},
    ],
)
def test_what_does_not_fit_is_refused(arrays: dict[str, NDArray[np.generic]], tmp_path: Path) -> None:
    np.savez(tmp_path / "real.npz", **arrays)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"real\.npz"):
        read_real(tmp_path / "real.npz", PLAN)


def test_a_file_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real.npz").write_bytes(b"no archive")
    with pytest.raises(InputError, match="not a sound"):
        read_real(tmp_path / "real.npz", PLAN)
