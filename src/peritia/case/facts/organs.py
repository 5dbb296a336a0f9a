"""Organ function and markers: laboratory values in one unit each, and what is computed from them. Old values count as unknown."""

from __future__ import annotations

from peritia.case.facts.calendar import UNDATED
from peritia.case.facts.declaration import Code, Derive, fact, loinc
from peritia.case.facts.definitions import DEFINITIONS
from peritia.case.facts.laboratory import bounds, days_of, lab, stale, times_upper_limit
from peritia.case.facts.newest import latest, presence
from peritia.case.facts.row import Finding, Row, inferred, unknown
from peritia.case.facts.seen import Seen
from peritia.quantities.renal import ckd_epi_2021_ml_per_min_1_73m2, cockcroft_gault_ml_per_min

_HOW_LAB = "Newest result, converted to the unit of the fact."
_HOW_MULTIPLE = "Newest result over the upper limit recorded with it."
_ON_DIALYSIS = "On dialysis the figure that counts as kidney failure, unless the formula gives a lower one."
_NOT_ON_DIALYSIS = "Unknown on dialysis, where it does not tell how the kidneys work."


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

    return fact(name, "num", description, _HOW_MULTIPLE, "labs", unit="1", domain=domain, stale_after_days=days_of(analyte), key=analyte)(
        rule
    )


_value("hemoglobin_g_per_dl", "hemoglobin", "Haemoglobin", "g/dL", loinc("718-7", verified=False))
_value("leukocytes_10_9_per_l", "leukocytes", "Leukocytes", "10*9/L")
_value("neutrophils_10_9_per_l", "neutrophils", "Neutrophils (ANC)", "10*9/L", loinc("751-8", verified=False))
_value("platelets_10_9_per_l", "platelets", "Platelets", "10*9/L", loinc("777-3", verified=False))


@fact(
    "creatinine_mg_per_dl",
    "num",
    "Serum creatinine",
    f"{_HOW_LAB} {_NOT_ON_DIALYSIS}",
    "labs",
    "illnesses",
    unit="mg/dL",
    domain=bounds("creatinine"),
    codes=loinc("2160-0", verified=False),
    stale_after_days=days_of("creatinine"),
    key="creatinine",
)
def _creatinine(seen: Seen) -> Finding | None:
    return _silent_on_dialysis(seen, lab(seen, "creatinine"))


@fact(
    "creatinine_x_uln",
    "num",
    "Creatinine as multiple of the laboratory's upper limit",
    f"{_HOW_MULTIPLE} {_NOT_ON_DIALYSIS}",
    "labs",
    "illnesses",
    unit="1",
    domain=(0.05, 30),
    stale_after_days=days_of("creatinine"),
    key="creatinine",
)
def _creatinine_multiple(seen: Seen) -> Finding | None:
    return _silent_on_dialysis(seen, times_upper_limit(seen, "creatinine"))


def _dialysis(seen: Seen) -> Row | None:
    """The entry that says that the patient is on dialysis."""
    stated = presence(seen.groups["illnesses"].get("dialysis"))
    return stated.rows[0] if stated is not None and stated.value is True else None


def _silent_on_dialysis(seen: Seen, found: Finding | None) -> Finding | None:
    """The machine lowers creatinine: a low value passes a limit that means working kidneys."""
    dialysis = _dialysis(seen)
    if dialysis is None or found is None or found.value is None:
        return found
    return unknown("on dialysis creatinine does not tell how the kidneys work", *found.rows, dialysis)


@fact(
    "creatinine_clearance_ml_per_min",
    "num",
    "Cockcroft-Gault clearance",
    f"Cockcroft and Gault's formula on age, latest weight, newest creatinine and sex. {_ON_DIALYSIS}",
    "labs",
    "patient",
    "illnesses",
    unit="mL/min",
    domain=(1, 300),
    stale_after_days=days_of("creatinine"),
)
def _clearance(seen: Seen) -> Finding | None:
    return _capped_on_dialysis(seen, _cockcroft_gault(seen))


def _cockcroft_gault(seen: Seen) -> Finding | None:
    found = seen.found
    creatinine = lab(seen, "creatinine")
    weight, age, sex = (found.get(name) for name in ("weight_kg", "age_years", "sex"))
    if creatinine is None or creatinine.value is None:
        return creatinine
    if weight is None or age is None or sex is None or weight.value is None or age.value is None:
        return unknown(f"not recorded: {_lacking(age=age, sex=sex, weight=weight)}", *creatinine.rows)
    value = cockcroft_gault_ml_per_min(age.value, weight.value, creatinine.value, sex.value)  # pyright: ignore[reportArgumentType]
    return inferred(value, "Cockcroft-Gault", *creatinine.rows, *weight.rows, *age.rows)


@fact(
    "egfr_ml_per_min_1_73m2",
    "num",
    "CKD-EPI 2021 eGFR",
    f"CKD-EPI 2021 on age, newest creatinine and sex. {_ON_DIALYSIS}",
    "labs",
    "patient",
    "illnesses",
    unit="mL/min/{1.73_m2}",
    domain=(1, 200),
    stale_after_days=days_of("creatinine"),
)
def _egfr(seen: Seen) -> Finding | None:
    return _capped_on_dialysis(seen, _ckd_epi(seen))


def _ckd_epi(seen: Seen) -> Finding | None:
    found = seen.found
    creatinine = lab(seen, "creatinine")
    age, sex = (found.get(name) for name in ("age_years", "sex"))
    if creatinine is None or creatinine.value is None:
        return creatinine
    if age is None or sex is None or age.value is None:
        return unknown(f"not recorded: {_lacking(age=age, sex=sex)}", *creatinine.rows)
    value = ckd_epi_2021_ml_per_min_1_73m2(age.value, creatinine.value, sex.value)  # pyright: ignore[reportArgumentType]
    return inferred(value, "CKD-EPI 2021", *creatinine.rows, *age.rows)


def _capped_on_dialysis(seen: Seen, computed: Finding | None) -> Finding | None:
    """Dialysis is kidney failure, with or without a creatinine on file; the machine makes a formula read a working kidney."""
    dialysis, cap = _dialysis(seen), DEFINITIONS.dialysis_clearance_at_most.value
    if dialysis is None:
        return computed
    if computed is None or computed.value is None:
        return inferred(cap, f"on dialysis: counted as {cap:g}", dialysis)
    if float(computed.value) <= cap:
        return computed
    return inferred(cap, f"on dialysis: counted as {cap:g}, not the {computed.value:.0f} of the formula", dialysis, *computed.rows)


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
