"""The works that claims rest on, and how they are cited and printed."""

from __future__ import annotations

from peritia.sources.citation import Citation, cite, weaker
from peritia.sources.source import Source, SourceKind, Status

__all__ = ["Citation", "Source", "SourceKind", "Status", "cite", "weaker"]
