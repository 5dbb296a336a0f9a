"""Who the patient is: sex, dates, body measures, pregnancy. No names, no addresses."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

Sex = Literal["female", "male"]


class BodyMeasure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Height and weight on a day. Units stand in the names."""

    on: date | None = None
    height_cm: float | None = None
    weight_kg: float | None = None
    document: str | None = None


class Patient(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The person, without identifying detail beyond the birth date. ``deceased`` alone says that the day of death is not known."""

    sex: Sex | None = None
    birth_date: date | None = None
    deceased: bool | None = None
    death_date: date | None = None
    body: tuple[BodyMeasure, ...] = ()
    pregnant: bool | None = None
    breastfeeding: bool | None = None
    childbearing_potential: bool | None = None
    document: str | None = None
