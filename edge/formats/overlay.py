"""A picture of what was read: the page with a frame around every line, and to its right the text in its place."""

from __future__ import annotations

import logging
import math
import statistics
from collections.abc import Sequence
from typing import Any, BinaryIO

from edge.formats.fonts import Fonts
from edge.formats.reading import Reading
from edge.formats.words import plain
from edge.preprocess.images import Picture
from edge.preprocess.pillow import pillow
from edge.results import Line, Page

MOST_PIXELS = 12_000_000  # of all pages together, the text's half not counted
MOST_OF_A_PAGE = 3_000_000
LEGIBLE = 28.0  # pixels: lines that are lower are shown larger
LARGER = 4.0
BASELINE = 0.78  # of a line's height
FRAMES = ((0.9, "#1a9850"), (0.7, "#e08214"), (0.0, "#d73027"))
"""From which score on a line has which colour."""

_log = logging.getLogger(__name__)


def write_overlay(reading: Reading, file: BinaryIO) -> None:
    """One PNG, its pages below one another. Frames are green, orange or red as the reader was sure, and numbered.

    Where no font has a character, a frame stands for it and a warning is logged. Raises InputError for a given font
    that is none.
    """
    fonts = Fonts(reading.fonts)
    pages = reading.document.pages
    most = min(MOST_OF_A_PAGE, MOST_PIXELS // max(len(pages), 1))
    sheets = [
        _sheet(page, picture, _scale(page, most), fonts)
        for page, picture in zip(pages, reading.pictures(), strict=True)
    ]
    whole = pillow().new("RGB", (max(one.width for one in sheets), sum(one.height for one in sheets)), "white")
    top = 0
    for sheet in sheets:
        whole.paste(sheet, (0, top))
        top += sheet.height
    whole.save(file, "PNG")
    if missing := _missing(pages, fonts):
        _log.warning("no font here has glyphs for %s; give one with --font", " ".join(missing))


def _scale(page: Page, most: int) -> float:
    """Small text is shown larger, a page over `most` pixels smaller."""
    low = statistics.median([_sides(line)[1] for line in page.lines] or [LEGIBLE])
    return min(math.sqrt(most / (page.width * page.height)), max(1.0, LEGIBLE / max(low, 1.0)), LARGER)


def _sheet(page: Page, picture: Picture, scale: float, fonts: Fonts) -> Any:
    width, height = max(round(page.width * scale), 1), max(round(page.height * scale), 1)
    sheet = pillow().new("RGB", (2 * width, height), "white")
    sheet.paste(picture.resized(height, width, "bicubic").image, (0, 0))
    draw = pillow("ImageDraw").Draw(sheet)
    draw.line([(width, 0), (width, height)], "#888888")
    for number, line in enumerate(page.lines, 1):
        corners = [(x * scale, y * scale) for x, y in line.box]
        colour = next(colour for least, colour in FRAMES if line.score >= least or not least)
        draw.polygon(corners, outline=colour, width=2)
        draw.polygon([(x + width, y) for x, y in corners], outline="#dddddd")
        _draw_number(draw, str(number), corners[0], colour, fonts)
        _draw_text(sheet, line, corners, width, fonts)
    return sheet


def _draw_number(draw: Any, number: str, corner: tuple[float, float], colour: str, fonts: Fonts) -> None:
    ((_, font),) = fonts.runs(number, 12)
    at = max(corner[0] - font.getlength(number) - 2, 0), max(corner[1], 0)  # before the line, not over it
    box = draw.textbbox(at, number, font=font)
    draw.rectangle(box, fill=colour)
    draw.text(at, number, fill="white", font=font)


def _draw_text(sheet: Any, line: Line, corners: Sequence[tuple[float, float]], right: int, fonts: Fonts) -> None:
    """The text as large as its frame, turned as the frame is, moved to the right by `right`."""
    length, height = (max(1, round(side)) for side in _sides_of(corners, vertical=line.vertical))
    text = plain(line.text)
    mask = _stacked(text, height, length, fonts) if line.vertical else _strip(text, length, height, fonts)
    (x, y), (end_x, end_y), *_ = corners
    turned = mask.rotate(math.degrees(math.atan2(y - end_y, end_x - x)), expand=True, resample=2)
    middle = [sum(corner[axis] for corner in corners) / 4 for axis in (0, 1)]
    at = round(middle[0] + right - turned.width / 2), round(middle[1] - turned.height / 2)
    part = (max(right - at[0], 0), 0, turned.width, turned.height)  # nothing of it over the page
    if part[0] < part[2]:
        turned = turned.crop(part)
        sheet.paste("black", (at[0] + part[0], at[1]), turned)


def _strip(text: str, length: int, height: int, fonts: Fonts) -> Any:
    """A mask of a text, squeezed or stretched to `length` x `height` pixels."""
    size = max(round(height * 0.72), 6)
    runs = fonts.runs(text, size)
    widths = [font.getlength(part) if font else size * len(part) for part, font in runs]
    mask = pillow().new("L", (max(1, round(sum(widths))), height))
    draw = pillow("ImageDraw").Draw(mask)
    at = 0.0
    for (part, font), width in zip(runs, widths, strict=True):
        if font:
            draw.text((at, height * BASELINE), part, fill=255, font=font, anchor="ls")
        else:
            for number in range(len(part)):
                left = at + number * size
                draw.rectangle(
                    (left + 1, height * BASELINE - size + 2, left + size - 2, height * BASELINE), outline=255
                )
        at += width
    return mask.resize((length, height), 2)


def _stacked(text: str, width: int, length: int, fonts: Fonts) -> Any:
    """A mask of upright characters below one another."""
    mask = pillow().new("L", (width, length))
    step = length / max(len(text), 1)
    side = max(1, round(min(step, width)))
    for number, letter in enumerate(text):
        at = (width - side) // 2, round((number + 0.5) * step - side / 2)
        mask.paste(_strip(letter, side, side, fonts), at)
    return mask


def _sides(line: Line) -> tuple[float, float]:
    return _sides_of(line.box, vertical=line.vertical)


def _sides_of(corners: Sequence[tuple[float, float]], *, vertical: bool) -> tuple[float, float]:
    """Length along the text and height across it."""
    first, second, third, fourth = corners
    wide = (math.dist(first, second) + math.dist(fourth, third)) / 2
    high = (math.dist(first, fourth) + math.dist(second, third)) / 2
    return (high, wide) if vertical else (wide, high)


def _missing(pages: Sequence[Page], fonts: Fonts) -> list[str]:
    letters = {letter for page in pages for line in page.lines for letter in plain(line.text)}
    return [letter for letter in sorted(letters) if fonts.runs(letter, 12)[0][1] is None]
