"""The data types of FHIR R4 that are read, narrowed to what is read of them.

What is not named here is skipped by the decoder without being built, and what is named is checked for its JSON type while it is decoded:
that is both the type check and the reason why reading is fast. Names are FHIR's own, so that a path in a problem is the path in the
sender's file.
"""

# ruff: noqa: N815

from __future__ import annotations

import msgspec

EMPTY = msgspec.Raw(b"")
"""An element that was not sent."""


class Coding(msgspec.Struct, gc=False):
    """A code in a code system."""

    system: str | None = None
    code: str | None = None
    display: str | None = None


class Concept(msgspec.Struct, gc=False):
    """CodeableConcept: one meaning, in several codings or as text."""

    coding: tuple[Coding, ...] = ()
    text: str | None = None


class Quantity(msgspec.Struct, gc=False):
    """A measured amount. ``code`` is the unit in ``system``, ``unit`` is how it was shown."""

    value: float | None = None
    unit: str | None = None
    code: str | None = None
    system: str | None = None
    comparator: str | None = None


class Reference(msgspec.Struct, gc=False):
    """A pointer to another resource."""

    reference: str | None = None


class Period(msgspec.Struct, gc=False):
    """From a day to a day."""

    start: str | None = None
    end: str | None = None


class Range(msgspec.Struct, gc=False):
    """A reference range; only its upper limit is read."""

    high: Quantity | None = None
    type: Concept | None = None


class Extension(msgspec.Struct, gc=False):
    """An extension with one value, or with extensions of its own."""

    url: str = ""
    valueCodeableConcept: Concept | None = None
    valueReference: Reference | None = None
    valueQuantity: Quantity | None = None
    valueString: str | None = None
    valueCode: str | None = None
    valueBoolean: bool | None = None
    valueInteger: int | None = None
    valueDateTime: str | None = None
    extension: tuple[Extension, ...] = ()


class BodySite(msgspec.Struct, gc=False):
    """A body site with its laterality extension."""

    coding: tuple[Coding, ...] = ()
    text: str | None = None
    extension: tuple[Extension, ...] = ()


class Dosage(msgspec.Struct, gc=False):
    """MedicationAdministration.dosage."""

    dose: Quantity | None = None
    route: Concept | None = None
    modifierExtension: msgspec.Raw = EMPTY


class Meta(msgspec.Struct, gc=False):
    """Which profiles the sender claims."""

    profile: tuple[str, ...] = ()


class Reaction(msgspec.Struct, gc=False):
    """AllergyIntolerance.reaction."""

    severity: str | None = None


class Identifier(msgspec.Struct, gc=False):
    """A business identifier."""

    system: str | None = None
    value: str | None = None
