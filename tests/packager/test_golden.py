from __future__ import annotations

import io
import zipfile

import numpy as np

from packager.golden import golden_files
from packager.parity.reference import Sample


def sample(key: str, batch: int, length: int) -> Sample:
    random = np.random.default_rng(int(key))
    shape = (batch, length)
    return Sample(
        key=key,
        inputs={"ids": random.integers(0, 999, shape)},
        expected={"y": random.normal(size=shape).astype(np.float32)},
        precise={"y": random.normal(size=shape)},
        valid={"y": np.ones(shape, np.bool_)},
    )


SAMPLES = (sample("000", 1, 12), sample("001", 3, 33), sample("002", 1, 4), sample("003", 3, 128))


def test_one_file_for_each_batch_the_smallest() -> None:
    files = golden_files(SAMPLES)
    assert list(files) == ["golden/batch-1.npz", "golden/batch-3.npz"]
    for name, chosen in zip(files, (SAMPLES[2], SAMPLES[1]), strict=True):
        with np.load(io.BytesIO(files[name]), allow_pickle=False) as held:
            assert sorted(held.files) == ["in:ids", "out:y", "valid:y"]
            np.testing.assert_array_equal(held["in:ids"], chosen.inputs["ids"])
            np.testing.assert_array_equal(held["out:y"], chosen.expected["y"])
            assert held["out:y"].dtype == np.float32


def test_the_same_samples_give_the_same_bytes() -> None:
    assert golden_files(SAMPLES) == golden_files(tuple(reversed(SAMPLES)))


def test_the_files_do_not_tell_the_time() -> None:
    (content,) = golden_files(SAMPLES[:1]).values()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
