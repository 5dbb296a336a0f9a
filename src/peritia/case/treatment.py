"""Treatment given: systemic lines, cytoreduction, HIPEC and PIPAC sessions, radiation, complications, access failures."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

Drug = Literal[
    "oxaliplatin", "cisplatin", "carboplatin", "doxorubicin", "liposomal-doxorubicin", "epirubicin", "mitomycin", "paclitaxel",
    "nab-paclitaxel", "docetaxel", "irinotecan", "fluorouracil", "capecitabine", "s-1", "leucovorin", "trifluridine-tipiracil",
    "gemcitabine", "pemetrexed", "bevacizumab", "cetuximab", "panitumumab", "ramucirumab", "regorafenib", "aflibercept", "trastuzumab",
    "trastuzumab-deruxtecan", "tucatinib", "encorafenib", "sotorasib", "adagrasib", "zolbetuximab", "mirvetuximab", "olaparib", "niraparib",
    "rucaparib", "pembrolizumab", "nivolumab", "ipilimumab", "dostarlimab", "atezolizumab", "topotecan", "cyclophosphamide", "other",
]  # fmt: skip
Response = Literal["complete", "partial", "stable", "progression", "not-evaluable"]


class Dose(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One drug given: per body surface (``mg_per_m2``), or flat (``mg``)."""

    drug: Drug
    mg_per_m2: float | None = None
    mg: float | None = None
    cycles: int | None = None


class SystemicLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of systemic therapy; ``doses`` are per cycle. ``setting`` adjuvant and perioperative lines are not palliative lines."""

    drugs: tuple[Dose, ...]
    started_on: date | None = None
    ended_on: date | None = None
    ongoing: bool | None = None
    setting: Literal["neoadjuvant", "adjuvant", "perioperative", "palliative"] | None = None
    best_response: Response | None = None
    stopped_for: Literal["progression", "toxicity", "completed", "patient-choice", "other"] | None = None
    document: str | None = None


class Cytoreduction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Cytoreductive surgery, with or without HIPEC in the same operation."""

    on: date | None = None
    completed: bool | None = None
    pci: int | None = None
    cc: Literal[0, 1, 2, 3] | None = None
    residual_mm: float | None = None
    hipec: bool | None = None
    hipec_drugs: tuple[Dose, ...] = ()
    hipec_minutes: float | None = None
    hipec_temperature_c: float | None = None
    clavien_dindo: Literal["0", "I", "II", "IIIa", "IIIb", "IVa", "IVb", "V"] | None = None
    document: str | None = None


class PipacSession(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A PIPAC attempted on a day; ``access`` failed means nothing was given."""

    on: date | None = None
    access: Literal["obtained", "failed"] | None = None
    doses: tuple[Dose, ...] = ()
    electrostatic: bool | None = None
    clavien_dindo: Literal["0", "I", "II", "IIIa", "IIIb", "IVa", "IVb", "V"] | None = None
    document: str | None = None


class Radiation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Radiation given on a day to a site."""

    on: date | None = None
    site: Literal["abdomen", "pelvis", "mediastinum", "liver", "lung", "bone", "brain", "other"] | None = None
    dose_gy: float | None = None
    document: str | None = None


class NoTreatment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Says outright that a kind of treatment has never been given. Without it, no entry means not known."""

    kind: Literal[
        "systemic-therapy",
        "abdominal-surgery",
        "cytoreduction",
        "hipec",
        "pipac",
        "radiation",
        "anthracycline",
        "platinum",
        "bevacizumab",
        "anti-egfr",
        "immunotherapy",
    ]
    on: date | None = None
    document: str | None = None


class Plans(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the team already intends, where an option depends on it."""

    gastrointestinal_resection_same_session: bool | None = None
    interval_debulking: bool | None = None
    session_on: date | None = None
    document: str | None = None
