"""Data that nothing can be calibrated on, and targets that have no int8.

`tensors_*` spoil the data of the bundle of tests/fixtures, `images_*` that of a classifier of digits.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.support.bad_inputs.attempt import Attempt, Materials

INPUTS = 32
DIGITS = 10
SIDE = 32


def tensors_missing(at: Materials) -> Attempt:
    """Static int8 without any data."""
    return _quantise(at, None)


def tensors_nowhere(at: Materials) -> Attempt:
    """A folder that does not exist."""
    return _quantise(at, at.scratch / "nowhere")


def tensors_too_few(at: Materials) -> Attempt:
    """Five of them."""
    return _quantise(at, _tensors(at, count=5))


def tensors_not_numbers(at: Materials) -> Attempt:
    """NaN in each."""
    return _quantise(at, _tensors(at, spoil=lambda x: np.where(np.arange(x.size) == 1, np.nan, x)))


def tensors_infinite(at: Materials) -> Attempt:
    """Infinity in each."""
    return _quantise(at, _tensors(at, spoil=lambda x: np.where(np.arange(x.size) == 1, np.inf, x)))


def tensors_constant(at: Materials) -> Attempt:
    """One number in each, another one from file to file."""
    return _quantise(at, _tensors(at, spoil=lambda x: np.full_like(x, x[0, 0])))


def tensors_of_another_size(at: Materials) -> Attempt:
    """Five numbers where the network takes four."""
    return _quantise(at, _tensors(at, spoil=lambda x: np.concatenate([x, x[:, :1]], axis=1)))


def precision_unknown(at: Materials) -> Attempt:
    """int4."""
    return _quantise(at, _tensors(at), "--precision", "int4")


def budget_impossible(at: Materials) -> Attempt:
    """Points below none."""
    return _quantise(at, _tensors(at), "--max-drop", "-1")


def target_unknown(at: Materials) -> Attempt:
    """A board that nobody knows."""
    return _quantise(at, _tensors(at), "--target", "rpi9")


def images_constant(at: Materials) -> Attempt:
    """Every picture has one colour."""
    return _quantise(at, _images(at, lambda number: np.full((SIDE, SIDE, 3), number, np.uint8)))


def images_of_nine_classes(at: Materials) -> Attempt:
    """No picture of a nine."""
    chance = np.random.default_rng(0)
    folder = _images(at, lambda _: chance.integers(0, 256, (SIDE, SIDE, 3), np.uint8), count=5 * DIGITS)
    rows = (f"{path.name},{number % (DIGITS - 1)}\n" for number, path in enumerate(sorted(folder.glob("*.png"))))
    (folder / "labels.csv").write_text("file,label\n" + "".join(rows), encoding="utf-8")
    return _quantise(at, folder)


def images_cut_off(at: Materials) -> Attempt:
    """One picture ends too early."""
    chance = np.random.default_rng(0)
    folder = _images(at, lambda _: chance.integers(0, 256, (SIDE, SIDE, 3), np.uint8))
    for path in folder.glob("*.png"):
        path.write_bytes(path.read_bytes()[:-200])
    return _quantise(at, folder)


def images_for_no_arithmetic(at: Materials) -> Attempt:
    """A board whose cores have no dot product, asked for what only such cores do faster."""
    chance = np.random.default_rng(0)
    folder = _images(at, lambda _: chance.integers(0, 256, (SIDE, SIDE, 3), np.uint8))
    return _quantise(at, folder, "--precision", "fp16", "--target", "rpi4")


def _quantise(at: Materials, calibration: Path | None, *options: str) -> Attempt:
    out = at.scratch / "quantised.edge"
    given = ("--calibration", calibration) if calibration else ()
    wanted = () if "--precision" in options else ("--precision", "int8")
    command = ("packager", "quantise", at.bundle, "-o", out, "--engine", "onnxruntime", *given, *wanted, *options)
    return Attempt(command, {}, (out,))


def _tensors(at: Materials, count: int = INPUTS, spoil: Any = lambda x: x) -> Path:
    chance = np.random.default_rng(0)
    folder = at.scratch / "tensors"
    folder.mkdir()
    for number in range(count):
        x = spoil(chance.standard_normal((1, 4), np.float32)).astype(np.float32)
        ids, mask = chance.integers(0, 5, (1, 3)), np.ones((1, 3), np.int64)
        np.savez(folder / f"{number:02}.npz", x=x, ids=ids, mask=mask)
    return folder


def _images(at: Materials, make: Any, count: int = INPUTS) -> Path:
    folder = at.scratch / "images"
    folder.mkdir()
    for number in range(count):
        pixels: NDArray[np.uint8] = make(number)
        Image.fromarray(pixels).save(folder / f"{number:02}.png")
    return folder
