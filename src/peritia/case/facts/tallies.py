"""Cumulative doses over all routes. Known only when every recorded exposure has its dose, or none was ever given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from peritia.case.facts.declaration import Derive, fact
from peritia.case.facts.definitions import DEFINITIONS
from peritia.case.facts.exposures import ALL_ROUTES, Exposure, given, stated_never
from peritia.case.facts.row import Finding, Row, inferred, unknown
from peritia.case.facts.seen import Part, Seen

_READS: tuple[Part, ...] = ("systemic", "cytoreductions", "pipac", "never")


def _milligrams(seen: Seen, exposure: Exposure, per_m2: bool) -> float | None:
    """One exposure in mg/m2 or in mg. HIPEC and PIPAC are one cycle each.

    A flat dose becomes a dose per square metre by body surface, and back.
    """
    row, dose = exposure
    cycles = dose.cycles if dose.cycles is not None else (None if row.part == "systemic" else 1)
    if cycles is None:
        return None
    wanted, other = (dose.mg_per_m2, dose.mg) if per_m2 else (dose.mg, dose.mg_per_m2)
    if wanted is not None:
        return wanted * cycles
    surface = seen.number("body_surface_m2")
    if other is None or surface is None:
        return None
    return other * cycles / surface if per_m2 else other * cycles * surface


def _tally(
    name: str, description: str, weights: Mapping[Any, float], never: tuple[str, ...], unit: str, high: float, *, per_m2: bool = True
) -> Derive:
    """Declare a cumulative dose."""

    def rule(seen: Seen) -> Finding | None:
        exposures = [one for drug, found in given(seen).items() if drug in weights for one in found]
        if not exposures:
            ruled_out = stated_never(seen, never, ALL_ROUTES)
            return None if ruled_out is None else inferred(0, f"stated: never {ruled_out.entry.kind}", ruled_out)
        amounts = [_milligrams(seen, exposure, per_m2) for exposure in exposures]
        rows: tuple[Row, ...] = tuple(dict.fromkeys(row for row, _ in exposures))
        if None in amounts:
            missing = tuple(dict.fromkeys(row for (row, _), amount in zip(exposures, amounts, strict=True) if amount is None))
            return unknown("a recorded exposure lacks its dose or its number of cycles", *missing)
        total = sum(weights[dose.drug] * amount for (_, dose), amount in zip(exposures, amounts, strict=True) if amount is not None)
        return inferred(total, "summed over recorded systemic lines, HIPEC and PIPAC", *rows)

    how = (
        "Sum over recorded systemic lines (dose times cycles), HIPEC and PIPAC; unknown unless every "
        "one has its dose; 0 where stated never given."
    )
    return fact(name, "num", description, how, *_READS, "patient", unit=unit, domain=(0, high))(rule)


_tally(
    "cumulative_doxorubicin_mg_per_m2",
    "Doxorubicin-equivalent total over all routes (unknown until every anthracycline dose is)",
    DEFINITIONS.doxorubicin_equivalents.factor,
    ("anthracycline",),
    "mg/m2",
    2000,
)
_tally("cumulative_cisplatin_mg_per_m2", "Cisplatin total over all routes", {"cisplatin": 1.0}, ("platinum",), "mg/m2", 5000)
_tally("cumulative_oxaliplatin_mg_per_m2", "Oxaliplatin total over all routes", {"oxaliplatin": 1.0}, ("platinum",), "mg/m2", 10000)
_tally("cumulative_mitomycin_mg", "Mitomycin total over all routes", {"mitomycin": 1.0}, (), "mg", 1000, per_m2=False)
