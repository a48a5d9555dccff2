"""Sources: fetched, pinned, digested, licensed and looked at before anything loads them."""

from packager.hub.source import Source, licence_text, resolve

__all__ = ["Source", "licence_text", "resolve"]
