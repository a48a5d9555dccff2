from __future__ import annotations

import io
import json
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from edge.engines.frames import HEADER_LIMIT, read_frame, write_frame
from edge.errors import SessionError

arrays = hnp.arrays(
    st.sampled_from([np.float32, np.float16, np.int64, np.int32, np.uint8, np.bool_]),
    hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
)


def framed(header: Any, data: bytes = b"") -> io.BytesIO:
    encoded = header if isinstance(header, bytes) else json.dumps(header).encode()
    return io.BytesIO(struct.pack("<I", len(encoded)) + encoded + data)


@given(messages=st.lists(st.dictionaries(st.text(max_size=5), arrays, max_size=3), max_size=3), strided=st.booleans())
def test_messages_arrive_as_they_were_sent(messages: list[dict[str, np.ndarray]], strided: bool) -> None:
    stream = io.BytesIO()
    sent = [{name: array.T if strided else array for name, array in message.items()} for message in messages]
    for number, message in enumerate(sent):
        write_frame(stream, {"number": number}, message)
    stream.seek(0)
    for number, message in enumerate(sent):
        header, found = read_frame(stream)
        assert header == {"number": number}
        assert list(found) == list(message)
        for name, array in message.items():
            assert (found[name].dtype, found[name].shape) == (array.dtype, array.shape)
            np.testing.assert_array_equal(found[name], array)
    with pytest.raises(EOFError):
        read_frame(stream)


@given(st.binary(max_size=60))
def test_noise_ends_or_is_refused(noise: bytes) -> None:
    with pytest.raises((EOFError, SessionError)):
        read_frame(io.BytesIO(noise))


@pytest.mark.parametrize(
    "arrays_of",
    [
        [{"name": "x", "dtype": "object", "shape": [1]}],
        [{"name": "x", "dtype": "float32", "shape": [-1]}],
        [{"name": "x", "dtype": "float32", "shape": [1 << 40]}],
        [{"name": "x", "dtype": "float32", "shape": [1 << 30, 1 << 30, 1 << 30]}],
        [{"name": "x", "dtype": "float32"}],
        [{"name": "x", "dtype": "float32", "shape": ["a"]}],
        7,
    ],
)
def test_what_an_array_claims_is_checked_before_memory_is_taken(arrays_of: Any) -> None:
    with pytest.raises(SessionError):
        read_frame(framed({"arrays": arrays_of}))


def test_a_long_header_is_refused_unread() -> None:
    with pytest.raises(SessionError, match="claims"):
        read_frame(io.BytesIO(struct.pack("<I", HEADER_LIMIT + 1)))


@pytest.mark.parametrize("header", [b"{", b"[]", b"7", b"\xff", b'{"other": 1}', b"[" * 100_000])
def test_a_broken_header_is_refused(header: bytes) -> None:
    with pytest.raises(SessionError, match="broken"):
        read_frame(framed(header))


def test_an_array_that_is_cut_off_is_the_end() -> None:
    with pytest.raises(EOFError):
        read_frame(framed({"arrays": [{"name": "x", "dtype": "float32", "shape": [3]}]}, b"\0" * 11))
