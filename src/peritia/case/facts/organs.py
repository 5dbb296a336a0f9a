"""Organ function and markers: laboratory values in one unit each, and what is computed from them. Old values count as unknown."""

from __future__ import annotations

from peritia.case.facts.calendar import UNDATED
from peritia.case.facts.declaration import Code, Derive, fact, loinc
from peritia.case.facts.definitions import DEFINITIONS
from peritia.case.facts.laboratory import bounds, days_of, lab, stale, times_upper_limit
from peritia.case.facts.newest import latest, presence
from peritia.case.facts.row import Finding, inferred, unknown
from peritia.case.facts.seen import Seen
from peritia.quantities.renal import ckd_epi_2021_ml_per_min_1_73m2, cockcroft_gault_ml_per_min

_HOW_LAB = "Newest result, converted to the unit of the fact."


def _value(name: str, analyte: str, description: str, unit: str, codes: tuple[Code, ...] = ()) -> Derive:
    """Declare a fact that is a laboratory value."""

    def rule(seen: Seen) -> Finding | None:
        return lab(seen, analyte)

    declare = fact(
        name,
        "num",
        description,
        _HOW_LAB,
        "labs",
        unit=unit,
        domain=bounds(analyte),
        codes=codes,
        stale_after_days=days_of(analyte),
        key=analyte,
    )
    return declare(rule)


def _multiple(name: str, analyte: str, description: str, domain: tuple[float, float]) -> Derive:
    """Declare a fact that is a multiple of the upper limit of normal."""

    def rule(seen: Seen) -> Finding | None:
        return times_upper_limit(seen, analyte)

    how = "Newest result over the upper limit recorded with it."
    return fact(name, "num", description, how, "labs", unit="1", domain=domain, stale_after_days=days_of(analyte), key=analyte)(rule)


_value("hemoglobin_g_per_dl", "hemoglobin", "Haemoglobin", "g/dL", loinc("718-7", verified=False))
_value("leukocytes_10_9_per_l", "leukocytes", "Leukocytes", "10*9/L")
_value("neutrophils_10_9_per_l", "neutrophils", "Neutrophils (ANC)", "10*9/L", loinc("751-8", verified=False))
_value("platelets_10_9_per_l", "platelets", "Platelets", "10*9/L", loinc("777-3", verified=False))
_value("creatinine_mg_per_dl", "creatinine", "Serum creatinine", "mg/dL", loinc("2160-0", verified=False))
_multiple("creatinine_x_uln", "creatinine", "Creatinine as multiple of the laboratory's upper limit", (0.05, 30))


@fact(
    "creatinine_clearance_ml_per_min",
    "num",
    "Cockcroft-Gault clearance",
    "Cockcroft and Gault's formula on age, latest weight, newest creatinine and sex; capped on dialysis, where it reads too high.",
    "labs",
    "patient",
    unit="mL/min",
    domain=(1, 300),
    stale_after_days=days_of("creatinine"),
)
def _clearance(seen: Seen) -> Finding | None:
    found = seen.found
    creatinine, weight, age, sex = (found.get(name) for name in ("creatinine_mg_per_dl", "weight_kg", "age_years", "sex"))
    if creatinine is None or creatinine.value is None:
        return creatinine
    if weight is None or age is None or sex is None or weight.value is None or age.value is None:
        return unknown(f"not recorded: {_lacking(age=age, sex=sex, weight=weight)}", *creatinine.rows)
    value = cockcroft_gault_ml_per_min(age.value, weight.value, creatinine.value, sex.value)  # pyright: ignore[reportArgumentType]
    return _capped_on_dialysis(seen, inferred(value, "Cockcroft-Gault", *creatinine.rows, *weight.rows, *age.rows))


@fact(
    "egfr_ml_per_min_1_73m2",
    "num",
    "CKD-EPI 2021 eGFR",
    "CKD-EPI 2021 on age, newest creatinine and sex; capped on dialysis, where it reads too high.",
    "labs",
    "patient",
    unit="mL/min/{1.73_m2}",
    domain=(1, 200),
    stale_after_days=days_of("creatinine"),
)
def _egfr(seen: Seen) -> Finding | None:
    found = seen.found
    creatinine, age, sex = (found.get(name) for name in ("creatinine_mg_per_dl", "age_years", "sex"))
    if creatinine is None or creatinine.value is None:
        return creatinine
    if age is None or sex is None or age.value is None:
        return unknown(f"not recorded: {_lacking(age=age, sex=sex)}", *creatinine.rows)
    value = ckd_epi_2021_ml_per_min_1_73m2(age.value, creatinine.value, sex.value)  # pyright: ignore[reportArgumentType]
    return _capped_on_dialysis(seen, inferred(value, "CKD-EPI 2021", *creatinine.rows, *age.rows))


def _capped_on_dialysis(seen: Seen, computed: Finding) -> Finding:
    """The machine lowers creatinine, so a formula may read a working kidney where there is none; the cap stands in the definitions."""
    dialysis = presence(seen.groups["illnesses"].get("dialysis"))
    cap = DEFINITIONS.dialysis_clearance_at_most.value
    if dialysis is None or dialysis.value is not True or not isinstance(computed.value, float) or computed.value <= cap:
        return computed
    return inferred(cap, f"on dialysis: counted as {cap:g}, not the {computed.value:.0f} of the formula", *dialysis.rows, *computed.rows)


def _lacking(**findings: Finding | None) -> str:
    return ", ".join(name for name, finding in findings.items() if finding is None or finding.value is None)


_value("bilirubin_mg_per_dl", "bilirubin", "Total bilirubin", "mg/dL", loinc("1975-2", verified=False))
_multiple("bilirubin_x_uln", "bilirubin", "Bilirubin as multiple of upper limit", (0, 60))
_multiple("alt_x_uln", "alt", "ALT as multiple of upper limit", (0, 200))
_multiple("ast_x_uln", "ast", "AST as multiple of upper limit", (0, 200))
_multiple("alp_x_uln", "alp", "ALP as multiple of upper limit", (0, 100))
_value("albumin_g_per_l", "albumin", "Albumin", "g/L", loinc("1751-7", verified=False))
_value("inr", "inr", "INR", "1")
_value("crp_mg_per_l", "crp", "CRP", "mg/L")
_value("cea_ng_per_ml", "cea", "CEA", "ng/mL", loinc("2039-6", verified=True))
_value("ca125_u_per_ml", "ca125", "CA 125", "U/mL", loinc("10334-1", verified=True))
_value("ca19_9_u_per_ml", "ca19-9", "CA 19-9", "U/mL", loinc("24108-3", verified=True))


def _heart(seen: Seen, field: str, name: str) -> Finding | None:
    finding = latest(seen.rows["heart"], field)
    if finding is None or finding.value is None:
        return finding
    old = stale(seen, finding.rows[0].day, name)
    return finding if old is None else unknown(old, *finding.rows)


@fact(
    "lvef_percent",
    "num",
    "Left ventricular ejection fraction",
    "Latest entry under heart.",
    "heart",
    unit="%",
    domain=(5, 90),
    stale_after_days=days_of("lvef"),
)
def _lvef(seen: Seen) -> Finding | None:
    return _heart(seen, "lvef_percent", "lvef")


@fact("qtc_ms", "num", "QTc", "Latest entry under heart.", "heart", unit="ms", domain=(200, 800), stale_after_days=days_of("qtc"))
def _qtc(seen: Seen) -> Finding | None:
    return _heart(seen, "qtc_ms", "qtc")


@fact(
    "labs_age_days",
    "int",
    "Age of the oldest of blood count, creatinine and bilirubin used",
    "Days since the oldest among the newest haemoglobin, neutrophils, platelets, creatinine and bilirubin on file, stale ones included.",
    "labs",
    unit="d",
    domain=(0, 7300),
)
def _labs_age(seen: Seen) -> Finding | None:
    rows = [
        found.rows[0]
        for analyte in ("hemoglobin", "neutrophils", "platelets", "creatinine", "bilirubin")
        if (found := lab(seen, analyte)) is not None
    ]
    if not rows:
        return None
    oldest = min(rows, key=lambda row: row.day)
    if oldest.day is UNDATED:
        return unknown("a result has no date", oldest)
    return inferred((seen.on - oldest.day).days, "since the oldest of them", oldest)
