from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.manifest import Licence
from packager.errors import LicenceError
from packager.hub.licence import decide, licence_bytes

APACHE = "                                 Apache License\n                           Version 2.0, January 2004\n"
MIT = """MIT License

Copyright (c) 2026 Someone

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
"""
BSD = """Redistribution and use in source and binary forms, with or without modification,
are permitted provided that the following conditions are met: ... 3. Neither the name of the copyright holder"""


def card(folder: Path, text: str) -> Path:
    path = folder / "README.md"
    path.write_text(text)
    return path


def text_file(folder: Path, text: str) -> Path:
    path = folder / "LICENSE"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("matter", "expected"),
    [
        ("license: apache-2.0", "Apache-2.0"),
        ("license: MIT", "MIT"),
        ("license: 'bsd-3-clause'  # as usual", "BSD-3-Clause"),
        ("language: en\nlicense:\n- mit\ntags:\n- x", "MIT"),
        ("license:\n  - mit\n  - apache-2.0\nx: 1", "Apache-2.0 AND MIT"),
        ("license: [cc-by-4.0]", "CC-BY-4.0"),
        ("license: >-\n  mit", "MIT"),
        ("license: gpl-3.0", "GPL-3.0-only"),
        ("model-index:\n- {broken: [\nlicense: mit", "MIT"),
    ],
)
def test_a_free_licence_of_the_card_is_taken(tmp_path: Path, matter: str, expected: str) -> None:
    found = decide(card(tmp_path, f"---\n{matter}\n---\n# Model\n"), [], [], "m")
    assert found == Licence(id=expected, origin="model-card")


@pytest.mark.parametrize(
    ("matter", "expected"),
    [
        ("license: cc-by-nc-4.0", "CC-BY-NC-4.0"),
        ("license: cc-by-nd-4.0", "CC-BY-ND-4.0"),
        ("license: llama3.1", "LicenseRef-llama3.1"),
        ("license: gemma", "LicenseRef-gemma"),
        ("license: openrail", "LicenseRef-openrail"),
        ("license: openrail++", "LicenseRef-openrail"),
        ("license: bigscience-bloom-rail-1.0", "LicenseRef-bigscience-bloom-rail-1.0"),
        ("license: other\nlicense_name: my-own licence\nlicense_link: LICENSE", "LicenseRef-my-own-licence"),
        ("license: other\nlicense_name: mit", "LicenseRef-MIT"),
        ("license: [mit, cc-by-nc-sa-4.0]", "CC-BY-NC-SA-4.0 AND MIT"),
        ("license: 'x\\n---\\nlicense: mit'", "LicenseRef-x-n-nlicense-mit"),
    ],
)
def test_any_other_stops_until_it_is_accepted(tmp_path: Path, matter: str, expected: str) -> None:
    path = card(tmp_path, f"---\n{matter}\n---\n")
    with pytest.raises(LicenceError, match="is licensed under") as caught:
        decide(path, [], ["Apache-2.0"], "hf://org/m@main")
    assert expected in caught.value.message
    assert f"--allow-licence {expected}" in caught.value.remedy
    assert decide(path, [], ["MIT", expected.lower()], "m") == Licence(id=expected, origin="accepted")


def test_the_hubs_own_word_is_accepted_too(tmp_path: Path) -> None:
    path = card(tmp_path, "---\nlicense: llama3\n---\n")
    assert decide(path, [], ["llama3"], "m").id == "LicenseRef-llama3"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# A card without front matter\nlicense: mit\n",
        "---\nlicense: mit\n",
        "---\nlicense: unknown\n---\n",
        "---\nlicense: other\n---\n",
        "---\nlicense:\n---\n",
        "---\nlicense: []\n---\n",
        "---\ntags:\n  license: mit\n---\n",
        "---\nlicense: {a: 1\n---\n",
        "---\nlicense: !!python/object/apply:os.system [id]\n---\n",
        "---\nlicense: " + "a" * 5000 + "\n---\n",
    ],
)
def test_silence_stops_until_the_licence_is_stated(tmp_path: Path, text: str) -> None:
    path = card(tmp_path, text)
    with pytest.raises(LicenceError, match="does not say") as caught:
        decide(path, [], [], "m")
    assert "--allow-licence" in caught.value.remedy
    with pytest.raises(LicenceError, match="does not say"):
        decide(path, [], ["MIT", "Apache-2.0"], "m")
    assert decide(path, [], ["apache-2.0"], "m") == Licence(id="Apache-2.0", origin="stated")


@pytest.mark.parametrize(("text", "expected"), [(APACHE, "Apache-2.0"), (MIT, "MIT"), (BSD, "BSD-3-Clause")])
def test_a_licence_text_is_known_by_its_wording(tmp_path: Path, text: str, expected: str) -> None:
    assert decide(None, [text_file(tmp_path, text)], [], "m") == Licence(id=expected, origin="file")


@pytest.mark.parametrize(
    "addition", ["Commons Clause License Condition v1.0", "for non-commercial use", "Research use only"]
)
def test_a_narrowed_text_is_not_believed(tmp_path: Path, addition: str) -> None:
    with pytest.raises(LicenceError, match="does not say"):
        decide(None, [text_file(tmp_path, APACHE + addition)], [], "m")


def test_the_card_goes_before_the_text(tmp_path: Path) -> None:
    with pytest.raises(LicenceError, match="CC-BY-NC-4"):
        decide(card(tmp_path, "---\nlicense: cc-by-nc-4.0\n---\n"), [text_file(tmp_path, MIT)], [], "m")


def test_a_bundle_gets_the_text_or_the_identifier(tmp_path: Path) -> None:
    licence = Licence(id="MIT", origin="file")
    assert licence_bytes(licence, [text_file(tmp_path, MIT)]) == MIT.encode()
    assert licence_bytes(licence, []) == b"SPDX-License-Identifier: MIT\n"


@given(st.text(max_size=60))
def test_any_word_becomes_one_line_or_an_error(tmp_path_factory: pytest.TempPathFactory, word: str) -> None:
    path = card(tmp_path_factory.getbasetemp(), f"---\nlicense: {word}\n---\n")
    try:
        said = decide(path, [], [word], "m").id
    except LicenceError as error:
        said = error.message
    assert said.isascii()
    assert len(said.splitlines()) == 1
