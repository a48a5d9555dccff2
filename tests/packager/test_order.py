from __future__ import annotations

from typing import Any

import pytest

from edge.errors import InputError
from packager.order import Order


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"task": "translation"}, "'translation' is no task"),
        ({"engines": ("onnxruntime", "tensorrt")}, "'tensorrt' is no engine"),
        ({"engines": ()}, "nothing is no engine"),
        ({"places": ("gpu",)}, "'gpu' is no place"),
        ({"serial": -1}, "the serial -1 is no unsigned 64-bit number"),
        ({"serial": 2**64}, "is no unsigned 64-bit number"),
    ],
)
def test_what_cannot_be_fulfilled_is_refused_with_the_choices(options: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        Order(**options)
    assert caught.value.remedy
