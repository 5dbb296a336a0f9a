"""The works that claims rest on, and how they are cited and printed."""

from __future__ import annotations

from peritia.sources.bibliography import STANDING, bibliography, link, reference
from peritia.sources.citation import Citation, cite, weaker
from peritia.sources.identifiers import IDENTIFIERS, identified, malformed
from peritia.sources.source import Source, SourceKind, Status

__all__ = [
    "IDENTIFIERS",
    "STANDING",
    "Citation",
    "Source",
    "SourceKind",
    "Status",
    "bibliography",
    "cite",
    "identified",
    "link",
    "malformed",
    "reference",
    "weaker",
]
