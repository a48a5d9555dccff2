"""Settings of a folder's JSON files: read with a bound, taken with their types checked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from packager.errors import SourceError
from packager.hub.reading import read_object

SETTINGS_BYTES = 16 << 20


@dataclass(frozen=True)
class Settings:
    """A JSON object; a value of null counts as absent. Each getter raises SourceError for a value of another type."""

    where: str
    values: Mapping[str, object]

    def get(self, key: str) -> object:
        """The value as it is, None where it is absent."""
        return self.values.get(key)

    def flag(self, key: str, default: bool) -> bool:
        """A boolean."""
        value = self.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self._wrong(key, "true or false")
        return value

    def whole(self, key: str, default: int) -> int:
        """An integer; a number like 1e30 counts."""
        return int(self.number(key, default))

    def number(self, key: str, default: float) -> float:
        """A finite number."""
        value = self.get(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self._wrong(key, "a number")
        return value

    def text(self, key: str, default: str) -> str:
        """A string."""
        value = self.get(key)
        if value is None:
            return default
        if not isinstance(value, str):
            raise self._wrong(key, "a string")
        return value

    def numbers(self, key: str, default: tuple[float, ...]) -> tuple[float, ...]:
        """A list of finite numbers, or a single one."""
        value = self.get(key)
        if value is None:
            return default
        found = value if isinstance(value, list) else [value]
        return tuple(Settings(self.where, {key: one}).number(key, math.nan) for one in found)

    def inner(self, key: str) -> Settings:
        """An object, empty where it is absent."""
        value = self.get(key)
        if value is None:
            return Settings(f"{self.where}: {key}", {})
        if not isinstance(value, dict):
            raise self._wrong(key, "an object")
        return Settings(f"{self.where}: {key}", value)

    def _wrong(self, key: str, expected: str) -> SourceError:
        return SourceError(f"{self.where}: {key} is no {expected}", remedy="correct the file")


def read_settings(path: Path) -> Settings:
    """A JSON object, empty where there is no such file; raises SourceError for a broken one."""
    return Settings(path.name, read_object(path, SETTINGS_BYTES) if path.exists() else {})
