"""Forms made from the nouns' own field declarations: a field is declared once, on its noun; its form, its check and its label follow."""

from __future__ import annotations

from peritia.web.forms.field import Field, fields_of, noun_of
from peritia.web.forms.labels import LABELS, Group, section_label
from peritia.web.forms.panel import PANELS, Panel, panel_of
from peritia.web.forms.reading import Read, read_fields, typed_from

__all__ = [
    "LABELS", "PANELS", "Field", "Group", "Panel", "Read", "fields_of", "noun_of", "panel_of", "read_fields", "section_label", "typed_from",
]  # fmt: skip
