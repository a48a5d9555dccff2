"""Names of licences: from the hub's words to SPDX identifiers, and which of those let a bundle be built unasked.

The hub's words are those of its documentation's page "Licenses". Most are an SPDX identifier in lower case; the table
holds those that are not. What has no SPDX identifier becomes `LicenseRef-WORD` (SPDX 2.3, annex D).
"""

from __future__ import annotations

import re

REFERENCE = "LicenseRef-"

_HUB_TO_SPDX = {
    "agpl-3.0": "AGPL-3.0-only",
    "gpl-2.0": "GPL-2.0-only",
    "gpl-3.0": "GPL-3.0-only",
    "lgpl-2.1": "LGPL-2.1-only",
    "lgpl-3.0": "LGPL-3.0-only",
    "odbl": "ODbL-1.0",
    "odc-by": "ODC-By-1.0",
    "pddl": "PDDL-1.0",
    "cc": "LicenseRef-cc",
    "gpl": "LicenseRef-gpl",
    "lgpl": "LicenseRef-lgpl",
    "gfdl": "LicenseRef-gfdl",
    "bsd": "LicenseRef-bsd",
}

# Words that say nothing: the licence is elsewhere or nowhere.
SAYS_NOTHING = frozenset({"", "other", "unknown", "none", "noassertion", "unlicensed"})

# Use, change and distribution are allowed, for money too. What is not listed here needs the user's word.
FREE = frozenset({
    "0BSD", "AFL-3.0", "AGPL-3.0-only", "AGPL-3.0-or-later", "Apache-2.0", "Artistic-2.0", "BSD-2-Clause",
    "BSD-3-Clause", "BSD-3-Clause-Clear", "BSL-1.0", "CC-BY-2.0", "CC-BY-2.5", "CC-BY-3.0", "CC-BY-4.0", "CC-BY-SA-3.0",
    "CC-BY-SA-4.0", "CC0-1.0", "CDLA-Permissive-1.0", "CDLA-Permissive-2.0", "CDLA-Sharing-1.0", "ECL-2.0", "EPL-1.0",
    "EPL-2.0", "EUPL-1.1", "EUPL-1.2", "GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-only", "GPL-3.0-or-later", "ISC",
    "LGPL-2.1-only", "LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later", "LPPL-1.3c", "MIT", "MIT-0", "MPL-2.0",
    "MS-PL", "NCSA", "ODC-By-1.0", "ODbL-1.0", "OFL-1.1", "OSL-3.0", "PDDL-1.0", "PostgreSQL", "Unlicense", "WTFPL",
    "Zlib", "etalab-2.0",
})  # fmt: skip


def to_spdx(word: str) -> str:
    """The SPDX expression for a hub's word or for what a user wrote; a `LicenseRef-` where there is none."""
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    word = word.strip()
    known = _HUB_TO_SPDX.get(word.lower())
    if known:
        return known
    try:
        return str(canonicalize_license_expression(word))
    except InvalidLicenseExpression:
        return REFERENCE + (re.sub(r"[^A-Za-z0-9.]+", "-", word)[:80].strip("-") or "unnamed")


def is_free(expression: str) -> bool:
    """Whether every licence of an SPDX expression is in `FREE`; an exception after WITH only gives more rights."""
    words = re.sub(r" WITH \S+", "", expression.replace("(", " ").replace(")", " ")).split()
    return all(word in FREE for word in words if word not in ("AND", "OR"))
