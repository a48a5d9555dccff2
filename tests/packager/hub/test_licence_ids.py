from __future__ import annotations

import pytest
from packaging.licenses import canonicalize_license_expression

from packager.hub.licence_ids import FREE, is_free, to_spdx

# Every word that the hub's documentation lists.
HUB_WORDS = [
    "apache-2.0", "mit", "openrail", "bigscience-openrail-m", "creativeml-openrail-m", "bigscience-bloom-rail-1.0",
    "bigcode-openrail-m", "afl-3.0", "artistic-2.0", "bsl-1.0", "bsd", "bsd-2-clause", "bsd-3-clause",
    "bsd-3-clause-clear", "c-uda", "cc", "cc0-1.0", "cc-by-2.0", "cc-by-2.5", "cc-by-3.0", "cc-by-4.0",
    "cc-by-sa-3.0", "cc-by-sa-4.0", "cc-by-nc-2.0", "cc-by-nc-3.0", "cc-by-nc-4.0", "cc-by-nd-4.0", "cc-by-nc-nd-3.0",
    "cc-by-nc-nd-4.0", "cc-by-nc-sa-2.0", "cc-by-nc-sa-3.0", "cc-by-nc-sa-4.0", "cdla-sharing-1.0",
    "cdla-permissive-1.0", "cdla-permissive-2.0", "wtfpl", "ecl-2.0", "epl-1.0", "epl-2.0", "etalab-2.0", "eupl-1.1",
    "eupl-1.2", "agpl-3.0", "gfdl", "gpl", "gpl-2.0", "gpl-3.0", "lgpl", "lgpl-2.1", "lgpl-3.0", "isc", "h-research",
    "intel-research", "lppl-1.3c", "ms-pl", "apple-ascl", "apple-amlr", "mpl-2.0", "odc-by", "odbl", "openmdw-1.0",
    "openrail++", "osl-3.0", "postgresql", "ofl-1.1", "ncsa", "unlicense", "zlib", "pddl", "lgpl-lr",
    "deepfloyd-if-license", "fair-noncommercial-research-license", "llama2", "llama3", "llama3.1", "llama3.2",
    "llama3.3", "llama4", "grok2-community", "gemma",
]  # fmt: skip


@pytest.mark.parametrize("word", HUB_WORDS)
def test_every_word_of_the_hub_becomes_valid_spdx(word: str) -> None:
    expression = to_spdx(word)
    assert canonicalize_license_expression(expression) == expression
    narrowed = any(
        part in word for part in ("-nc", "-nd", "research", "noncommercial", "rail", "llama", "gemma", "apple")
    )
    assert not (narrowed and is_free(expression))


def test_what_is_free_is_spelled_as_spdx_does() -> None:
    assert {canonicalize_license_expression(one) for one in FREE} == FREE


@pytest.mark.parametrize(
    ("expression", "free"),
    [
        ("MIT", True),
        ("MIT OR Apache-2.0", True),
        ("GPL-2.0-only WITH Classpath-exception-2.0", True),
        ("(MIT AND CC-BY-NC-4.0)", False),
        ("LicenseRef-own", False),
        ("CC-BY-NC-4.0", False),
    ],
)
def test_every_part_must_be_free(expression: str, free: bool) -> None:
    assert is_free(expression) is free
