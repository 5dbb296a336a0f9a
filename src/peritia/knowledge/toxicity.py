"""Harm that treatment can do: how often, in whom, by which grading, what the patient notices and when to call."""

from __future__ import annotations

from typing import Literal

import msgspec

from peritia.knowledge.claim import Claim
from peritia.knowledge.figure import Figure, expect_unit

ToxicityKind = Literal["overall", "symptom", "surgical", "drug", "laboratory", "access", "death", "quality-of-life"]


class Rate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One published rate, in percent of ``per``. ``events`` of ``n`` where counted; ``against`` is the rate without it.

    Rates of different populations, grades or denominators stand beside each other and are never added up.
    """

    treatment: str
    population: str
    figure: Figure
    per: Literal["patients", "procedures", "events"]
    grade: str = ""
    against: Figure | None = None
    events: int | None = None
    n: int | None = None
    drug: str = ""

    def __post_init__(self) -> None:
        expect_unit("figure", self.figure, "%")
        expect_unit("against", self.against, "%")
        if self.events is not None and (self.n is None or not 0 <= self.events <= self.n):
            raise ValueError("events come with n, the number they were counted in, and are not more than n")


class Change(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a measured value moves after treatment: ``at`` says when, ``figure`` the value or the change in its own unit."""

    what: str
    at: str
    figure: Figure
    population: str


class Toxicity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of harm. ``patient`` says it in plain words; ``call_if`` is the warning sign, ``urgent`` when it cannot wait for morning.

    An empty ``rates`` says that no rate was found, not that it does not happen.
    """

    id: str = ""
    name: str
    kind: ToxicityKind
    treatments: tuple[str, ...]
    patient: str
    source: str | tuple[str, ...]
    ctcae_term: str = ""
    call_if: str = ""
    urgent: bool = False
    rates: tuple[Rate, ...] = ()
    changes: tuple[Change, ...] = ()
    notes: tuple[Claim, ...] = ()
    what_to_do: tuple[Claim, ...] = ()
