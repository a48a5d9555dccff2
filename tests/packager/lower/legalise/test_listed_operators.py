from __future__ import annotations

import subprocess

import pytest

from packager.emit.converter import converter
from packager.emit.lite_python import lite_python
from packager.lower.legalise.listed_operators import LITE_PLACES, lite_operators, onnx_operators

LIST = (
    "import sys; from paddlelite.lite import Opt; o = Opt(); o.set_valid_places(sys.argv[1]); o.print_supported_ops()"
)


@pytest.mark.parametrize("place", LITE_PLACES)
def test_the_record_is_what_paddle_lite_says(place: str) -> None:
    done = subprocess.run([lite_python(), "-c", LIST, place], capture_output=True, text=True, check=True)
    lines = [line.split() for line in done.stdout.splitlines()]
    rows = [words[0] for words in lines if len(words) > 1 and words[-1] in ("Y", "N")]
    assert lite_operators(place) == set(rows)


def test_the_record_is_what_paddle2onnx_says() -> None:
    assert onnx_operators() == set(converter().get_all_supported_operators())
