"""How fit the patient is, as the team scored it."""

from __future__ import annotations

from peritia.case.facts.declaration import fact, loinc
from peritia.case.facts.definitions import DEFINITIONS
from peritia.case.facts.newest import latest
from peritia.case.facts.row import Finding, inferred, unknown
from peritia.case.facts.seen import Seen

_LATEST = "Latest entry under performance."


@fact(
    "ecog",
    "int",
    "ECOG performance status (from Karnofsky by stated rule: inferred)",
    "Latest entry; from a newer or lone Karnofsky index by the common table (90-100 is 0, 70-80 is 1, 50-60 is 2, 30-40 is 3, 10-20 is 4).",
    "performance",
    unit="{score}",
    domain=(0, 5),
    codes=loinc("89247-1", verified=True),
)
def _ecog(seen: Seen) -> Finding | None:
    recorded, index = latest(seen.rows["performance"], "ecog"), latest(seen.rows["performance"], "karnofsky")
    if index is None or (recorded is not None and recorded.rows[0].day >= index.rows[0].day):
        return recorded
    if index.value is None:
        return index
    grade = DEFINITIONS.karnofsky_to_ecog.table.get(int(index.value))
    if grade is None:
        return unknown("the Karnofsky index is not a multiple of ten up to 100", *index.rows)
    return inferred(grade, f"from Karnofsky {index.value} ({DEFINITIONS.karnofsky_to_ecog.source})", *index.rows)


@fact(
    "karnofsky",
    "int",
    "Karnofsky index",
    _LATEST,
    "performance",
    unit="{score}",
    domain=(0, 100),
    codes=loinc("89243-0", verified=True),
    field="karnofsky",
)
def _karnofsky(seen: Seen) -> Finding | None:
    return latest(seen.rows["performance"], "karnofsky")


@fact("asa_class", "int", "ASA class", _LATEST, "performance", unit="{score}", domain=(1, 6), field="asa")
def _asa(seen: Seen) -> Finding | None:
    return latest(seen.rows["performance"], "asa")


@fact("nyha_class", "int", "NYHA class", _LATEST, "performance", unit="{score}", domain=(1, 4), field="nyha")
def _nyha(seen: Seen) -> Finding | None:
    return latest(seen.rows["performance"], "nyha")


@fact("frail", "bool", "Judged frail by the team", _LATEST, "performance", field="frail")
def _frail(seen: Seen) -> Finding | None:
    return latest(seen.rows["performance"], "frail")


@fact(
    "life_expectancy_months",
    "num",
    "Life expectancy as judged by the team",
    _LATEST,
    "performance",
    unit="mo",
    domain=(0, 600),
    field="life_expectancy_months",
)
def _life_expectancy(seen: Seen) -> Finding | None:
    return latest(seen.rows["performance"], "life_expectancy_months")
