"""Hypersensitivity to drug classes: present, explicitly excluded, or not known."""

from __future__ import annotations

from peritia.case.facts.declaration import Derive, fact
from peritia.case.facts.newest import presence
from peritia.case.facts.row import Finding
from peritia.case.facts.seen import Seen


def _declare(name: str, substance: str, description: str) -> Derive:
    """Declare a fact on one class of substance."""

    def rule(seen: Seen) -> Finding | None:
        return presence(seen.groups["allergies"].get(substance))

    return fact(name, "bool", description, "Newest entry under allergies, present or absent.", "allergies", key=substance)(rule)


_declare("platinum_hypersensitivity", "platinum", "Hypersensitivity to platinum")
_declare("anthracycline_hypersensitivity", "anthracycline", "Hypersensitivity to anthracyclines")
_declare("taxane_hypersensitivity", "taxane", "Hypersensitivity to taxanes")
_declare("mitomycin_hypersensitivity", "mitomycin", "Hypersensitivity to mitomycin")
_declare("fluoropyrimidine_hypersensitivity", "fluoropyrimidine", "Hypersensitivity to fluoropyrimidines")
_declare("antibody_hypersensitivity", "monoclonal-antibody", "Hypersensitivity to monoclonal antibodies")
_declare("thiosulfate_hypersensitivity", "thiosulfate", "Hypersensitivity to thiosulfate")
