"""What is drawn in an SVG: its elements, and whether they lie inside of it."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET


class Picture:
    """A chart as a parser of XML sees it."""

    def __init__(self, markup: str) -> None:
        self.root = ET.fromstring(markup)  # noqa: S314 (ours)
        self.width, self.height = (float(self.root.attrib[name]) for name in ("width", "height"))

    def all(self, name: str, class_: str = "") -> list[ET.Element]:
        """Elements of that name that have the class."""
        return [one for one in self.root.iter(name) if class_ in one.attrib.get("class", "").split() or not class_]

    @property
    def words(self) -> list[str]:
        """All that is written, in order."""
        return [one.text or "" for one in self.root.iter("text")]

    @staticmethod
    def points(path: ET.Element) -> list[tuple[float, float]]:
        """The corners of a path, or its dots."""
        return [(float(x), float(y)) for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path.attrib["d"])]

    def outside(self) -> list[str]:
        """Marks that reach beyond the picture."""
        places: list[tuple[float, float, str]] = []
        for one in self.root.iter():
            at = {key: float(one.attrib[key]) for key in ("x", "y", "x1", "x2", "y1", "y2") if key in one.attrib}
            wide, high = float(one.attrib.get("width", 0)), float(one.attrib.get("height", 0))
            said = ET.tostring(one, encoding="unicode")
            if one.tag == "rect":
                places += [(at["x"], at["y"], said), (at["x"] + wide, at["y"] + high, said)]
            elif one.tag == "line":
                places += [(at["x1"], at["y1"], said), (at["x2"], at["y2"], said)]
            elif one.tag == "text":
                places.append((at["x"], at["y"], said))
            elif one.tag == "path":
                places += [(x, y, said) for x, y in self.points(one)]
        return [said for x, y, said in places if not (0 <= x <= self.width and 0 <= y <= self.height)]
