"""`python -m benchmarks.shows 1 7`: bad input gets one line and its exit code, unusual images are right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.bundles import build, labels
from benchmarks.goals import Row
from benchmarks.models.digits import Digits, train
from benchmarks.shows.refusals import refusals
from tests.support.bad_inputs import BAD, Materials
from tests.support.hub_server import HubServer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

REPOSITORY = "edgepack/digits"


def run(folder: Path) -> Iterator[Row]:
    """Spoil a good model, bundle and image in every way that is documented."""
    digits = train(folder / "digits")
    bundle = folder / "digits.edge"
    build(digits.folder, bundle)
    with HubServer({REPOSITORY: {"main": digits.folder}}) as hub:
        good = Materials(folder, digits.folder, bundle, digits.images[0], hub.endpoint, REPOSITORY)
        yield from refusals(BAD, good)
    yield from _unusual(folder / "unusual", digits, bundle)


def _unusual(folder: Path, digits: Digits, bundle: Path) -> Iterator[Row]:
    """The same digit in every mode and orientation must get the same label."""
    from PIL import Image, ImageOps

    folder.mkdir()
    plain = Image.open(digits.images[0])
    grey = ImageOps.grayscale(plain)
    turned = Image.Exif()
    turned[0x0112] = 6  # shown after a quarter turn clockwise, so stored a quarter turn the other way
    jpeg: dict[str, Any] = {"quality": 95}
    variants: dict[str, tuple[Image.Image, str, dict[str, Any]]] = {
        "grey": (grey, "grey.png", {}),
        "alpha": (plain.convert("RGBA"), "alpha.png", {}),
        "16-bit grey": (Image.fromarray(_sixteen_bits(grey)), "deep.png", {}),
        "CMYK": (plain.convert("CMYK"), "cmyk.jpg", jpeg),
        "EXIF-rotated": (plain.rotate(90, expand=True), "turned.jpg", jpeg | {"exif": turned}),
    }
    (expected,) = labels(bundle, "onnxruntime", digits.images[:1])
    for name, (picture, file, options) in variants.items():
        picture.save(folder / file, **options)
        (found,) = labels(bundle, "onnxruntime", [folder / file])
        yield Row(f"{name} image has the label of the plain one", f"{found} and {expected}", found == expected)


def _sixteen_bits(grey: Image.Image) -> NDArray[np.uint16]:
    import numpy as np

    return np.asarray(grey).astype(np.uint16) * 257
