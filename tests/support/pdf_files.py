"""PDFs made by hand: one page for each size in points, with whatever its content stream draws."""

from __future__ import annotations

from collections.abc import Sequence


def pdf(
    sizes: Sequence[tuple[float, float]], content: bytes = b"", resources: bytes = b"", extra: bytes = b""
) -> bytes:
    """A PDF of as many pages as there are `sizes` (width, height); `extra` are whole objects from number 100 on."""
    kids = b" ".join(b"%d 0 R" % (10 + number) for number in range(len(sizes)))
    objects = [
        b"1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj",
        b"2 0 obj <</Type/Pages/Kids[%s]/Count %d>> endobj" % (kids, len(sizes)),
        b"3 0 obj <</Length %d>> stream\n%s\nendstream endobj" % (len(content), content),
    ]
    for number, (width, height) in enumerate(sizes, 10):
        box = b"[0 0 %g %g]" % (width, height)
        page = b"<</Type/Page/Parent 2 0 R/MediaBox%s/Contents 3 0 R/Resources<<%s>>>>" % (box, resources)
        objects.append(b"%d 0 obj %s endobj" % (number, page))
    return b"%PDF-1.4\n" + b"\n".join([*objects, extra]) + b"\ntrailer <</Root 1 0 R/Size 200>>\n%%EOF\n"
