"""A figure as a study printed it: value, interval, denominator, the clock it runs on and the definition it uses.

Figures are never pooled here. Two survivals compare only if their clocks agree, two responses only if their definitions agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import msgspec

from peritia.sources import Status

Clock = Literal[
    "from-first-pipac", "from-randomisation", "from-surgery", "from-second-surgery", "from-relapse", "from-diagnosis",
    "from-peritoneal-diagnosis", "from-treatment-start", "from-enrolment", "from-recurrence-treatment", "not-stated",
]  # fmt: skip
OutcomeKind = Literal[
    "overall-survival", "progression-free-survival", "disease-free-survival", "disease-specific-survival", "peritoneal-control",
    "response", "conversion", "resection", "toxicity", "complication", "mortality", "access", "exposure", "dose",
    "quality-of-life", "laboratory", "recurrence", "course", "selection",
]  # fmt: skip
Unit = Literal["mo", "wk", "d", "min", "%", "mg/m2", "mg/L", "g/L", "G/L", "ug/L", "ug.h/L", "mL", "score", "count", "ratio"]
Measure = Literal["hazard-ratio", "risk-ratio", "odds-ratio", "difference", "ratio", "none"]
Definition = Literal[
    "prgs-mean-le-2", "prgs-drop-ge-1", "prgs-mean-le-2-or-drop-ge-1", "prgs-mean-stable-or-lower",
    "tempfer-otr-incl-stable", "histological-regression", "major-regression", "radiological-recist", "cytological", "biochemical",
    "clinical-benefit", "disease-control-recist", "not-stated",
]  # fmt: skip

CLOCKS: Mapping[str, str] = MappingProxyType(
    {
        "from-first-pipac": "counted from the first PIPAC",
        "from-randomisation": "counted from randomisation",
        "from-surgery": "counted from cytoreductive surgery",
        "from-second-surgery": "counted from the second cytoreductive surgery",
        "from-relapse": "counted from the diagnosis of relapse",
        "from-diagnosis": "counted from diagnosis of the cancer",
        "from-peritoneal-diagnosis": "counted from diagnosis of the peritoneal disease",
        "from-treatment-start": "counted from the start of the drug treatment",
        "from-enrolment": "counted from entry into the study",
        "from-recurrence-treatment": "counted from treatment of the recurrence",
        "not-stated": "starting point not stated where it was read",
    }
)
"""Each clock in plain words. Survivals on different clocks are never compared, averaged or pooled."""

DEFINITIONS: Mapping[str, str] = MappingProxyType(
    {
        "prgs-mean-le-2": "mean PRGS of 2 or less",
        "prgs-drop-ge-1": "mean PRGS lower by at least 1 than at the first biopsy",
        "prgs-mean-le-2-or-drop-ge-1": "mean PRGS of 2 or less, or lower by at least 1, at the third PIPAC",
        "prgs-mean-stable-or-lower": "mean PRGS lower or unchanged over successive cycles: stable disease counts as response",
        "tempfer-otr-incl-stable": "objective tumour response as Tempfer 2015 counts it: stable disease included",
        "histological-regression": "any histological regression, by the study's own grading",
        "major-regression": "complete or major histological regression, by the study's own grading",
        "radiological-recist": "response on imaging by RECIST; peritoneal disease is rarely measurable",
        "cytological": "peritoneal cytology turned negative",
        "biochemical": "tumour marker fell, by the study's own rule",
        "clinical-benefit": "complete or partial response or stable disease",
        "disease-control-recist": "complete or partial response or stable disease by RECIST",
        "not-stated": "definition not stated where it was read",
    }
)
"""Each published definition of response by its own name; at least four are in use for PRGS and they are not interchangeable."""

_NEEDS_CLOCK = frozenset({"overall-survival", "progression-free-survival", "disease-free-survival", "disease-specific-survival"})


class Outcome(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One figure of one arm (or of all patients if ``arm`` is empty).

    ``value`` is in ``unit``; ``None`` means not reached or given only as a range. ``low`` and ``high`` are the limits that
    ``interval`` names ("95% CI", "range", "IQR", "SD"); one missing limit of a named interval means it was not reached.
    ``n`` is the denominator, ``at`` the moment of a rate ("5 years"), ``subgroup`` whom it is about. ``source`` and ``status``
    stand here only when they differ from the study's; ``Study.cited`` joins them.
    Raises ``ValueError`` when the figure cannot be what it says.
    """

    name: str
    kind: OutcomeKind
    unit: Unit
    value: float | None = None
    low: float | None = None
    high: float | None = None
    interval: str = ""
    arm: str = ""
    subgroup: str = ""
    at: str = ""
    clock: Clock | None = None
    n: int | None = None
    definition: Definition | None = None
    source: str | tuple[str, ...] = ()
    status: Status | None = None
    note: str = ""

    def __post_init__(self) -> None:
        _ordered(self.low, self.value, self.high, self.interval)
        if self.value is None and self.low is None and self.high is None and not self.note:
            raise ValueError("an outcome without value or limits says in `note` why (not reached, not printed)")
        if self.n is not None and self.n < 1:
            raise ValueError(f"n is a number of patients or procedures, found {self.n}")
        if self.unit == "%" and any(number is not None and not 0 <= number <= 100 for number in (self.value, self.low, self.high)):
            raise ValueError("a percentage lies between 0 and 100")
        if self.kind in _NEEDS_CLOCK and self.clock is None:
            raise ValueError(f"{self.kind} needs a clock: one of {', '.join(CLOCKS)}")
        if self.kind == "response" and self.definition is None:
            raise ValueError(f"a response needs its definition: one of {', '.join(DEFINITIONS)}")


class Comparison(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one arm did against another. ``arms`` are (tested, compared with); a ratio below 1 says fewer events in the first.

    ``meaning`` says it in a sentence, also where the study printed no number (``measure`` is then ``none``).
    """

    name: str
    meaning: str
    arms: tuple[str, ...] = ()
    measure: Measure = "none"
    value: float | None = None
    low: float | None = None
    high: float | None = None
    interval: str = ""
    n: int | None = None
    source: str | tuple[str, ...] = ()
    status: Status | None = None
    note: str = ""

    def __post_init__(self) -> None:
        _ordered(self.low, self.value, self.high, self.interval)
        if (self.measure == "none") != (self.value is None):
            raise ValueError("a comparison has a measure and a value, or neither and only its `meaning`")


def _ordered(low: float | None, value: float | None, high: float | None, interval: str) -> None:
    numbers = [number for number in (low, value, high) if number is not None]
    if numbers != sorted(numbers):
        raise ValueError(f"low, value and high are not in order: {low}, {value}, {high}")
    if (low is not None or high is not None) and not interval:
        raise ValueError("limits need the name of their interval, for example 95% CI, range, IQR")
