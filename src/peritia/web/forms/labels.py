"""What forms call sections and fields: from one file, and from the names themselves."""

from __future__ import annotations

from pathlib import Path

import msgspec

from peritia import documents
from peritia.web.language import _


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sections that are entered together, and the topics of the facts that follow from them."""

    id: str
    title: str
    topics: tuple[str, ...]
    sections: tuple[str, ...]


class Labels(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All labels."""

    groups: tuple[Group, ...]
    sections: dict[str, str]
    fields: dict[str, str]
    hints: dict[str, str]
    units: dict[str, str]
    long: tuple[str, ...]


LABELS = documents.read(Path(__file__).with_name("labels.yaml"), Labels)


def section_label(section: str) -> str:
    """A section in words."""
    return _(LABELS.sections.get(section, section.replace("-", " ").replace("_", " ").capitalize()))


def field_label(name: str) -> tuple[str, str]:
    """A field in words, and its unit as the name's last part says it."""
    stem, _dash, last = name.rpartition("_")
    unit = LABELS.units.get(last, "") if stem else ""
    if name in LABELS.fields:
        return LABELS.fields[name], unit
    words = (stem if unit else name).replace("_", " ").removesuffix(" on") + (" on" if name.endswith("_on") else "")
    return words[:1].upper() + words[1:], unit
