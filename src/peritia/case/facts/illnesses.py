"""Other illnesses: present, explicitly absent, or not known."""

from __future__ import annotations

from peritia.case.condition import Comorbidity
from peritia.case.facts.calendar import UNDATED, months_between
from peritia.case.facts.declaration import Derive, fact
from peritia.case.facts.newest import presence
from peritia.case.facts.row import Finding, inferred, unknown
from peritia.case.facts.seen import Seen

LONGEST_MONTHS = 600
"""What stands for 'never' where a fact counts months since an event: the top of its domain."""


def _illness(seen: Seen, name: Comorbidity) -> Finding | None:
    return presence(seen.groups["illnesses"].get(name))


def _declare(name: str, illness: Comorbidity, description: str) -> Derive:
    """Declare a fact that is one illness of the list."""

    def rule(seen: Seen) -> Finding | None:
        return _illness(seen, illness)

    return fact(name, "bool", description, "Newest entry on it, present or absent.", "illnesses", key=illness)(rule)


@fact(
    "months_since_myocardial_infarction",
    "num",
    "Months since myocardial infarction",
    "Calendar months since the dated entry of an infarction; the longest countable time where an infarction is stated absent.",
    "illnesses",
    unit="mo",
    domain=(0, LONGEST_MONTHS),
)
def _infarction(seen: Seen) -> Finding | None:
    rows = seen.groups["illnesses"].get("myocardial-infarction", [])
    for row in rows:
        if row.entry.presence == "present":
            return (
                unknown("the infarction has no date", row)
                if row.day is UNDATED
                else inferred(months_between(row.day, seen.on), "since the infarction", row)
            )
    finding = presence(rows)
    if finding is None or finding.value is None:
        return finding
    return inferred(LONGEST_MONTHS, "no infarction: counted as the longest time", *finding.rows)


@fact(
    "severe_cardiac_disease",
    "bool",
    "Severe cardiac disease, unstable angina or heart failure NYHA III-IV",
    "True if severe cardiac disease or unstable angina is present, or NYHA is III or IV; false if "
    "severe cardiac disease is stated absent and neither "
    "of the others is present.",
    "illnesses",
    "performance",
)
def _severe_cardiac(seen: Seen) -> Finding | None:
    stated, angina = _illness(seen, "severe-cardiac-disease"), _illness(seen, "unstable-angina")
    nyha = seen.found.get("nyha_class")
    against = [finding for finding in (angina, nyha) if finding is not None and _says_severe(finding)]
    if against:
        if stated is not None and stated.value is False:
            return unknown("stated absent, yet angina or NYHA class says otherwise", *stated.rows, *against[0].rows)
        return inferred(True, "unstable angina, or NYHA III-IV", *against[0].rows)
    return stated


def _says_severe(finding: Finding) -> bool:
    """NYHA III and IV are the classes that the fact itself names."""
    return finding.value is True or (finding.value is not None and not isinstance(finding.value, bool) and int(finding.value) >= 3)


_declare("active_infection", "active-infection", "Active infection")
_declare("severe_hearing_loss", "severe-hearing-loss", "Severe hearing loss")
_declare("cirrhosis", "cirrhosis", "Cirrhosis")
_declare("portal_vein_thrombosis", "portal-vein-thrombosis", "Portal vein thrombosis")
_declare("autoimmune_disease_uncontrolled", "autoimmune-disease-uncontrolled", "Uncontrolled autoimmune disease")
_declare("organ_transplant", "organ-transplant", "Solid organ transplant")
_declare("active_peptic_ulcer", "active-peptic-ulcer", "Active gastroduodenal ulcer")
_declare("corneal_disease", "corneal-disease", "Corneal disease")
_declare("interstitial_lung_disease", "interstitial-lung-disease", "Interstitial lung disease")
_declare("gastrointestinal_perforation_or_fistula", "gastrointestinal-perforation-or-fistula", "Perforation or fistula now or at risk")
_declare("recent_thromboembolism", "recent-thromboembolism", "Recent thromboembolism")
_declare("recent_bleeding", "recent-bleeding", "Recent bleeding")
_declare("uncontrolled_hypertension", "uncontrolled-hypertension", "Uncontrolled hypertension")
_declare("ureteric_obstruction", "ureteric-obstruction", "Ureteric obstruction")
_declare("biliary_obstruction", "biliary-obstruction", "Biliary obstruction")
_declare("other_active_cancer", "other-active-cancer", "Another active cancer")
_declare("dialysis", "dialysis", "On dialysis")
_declare("dpd_deficiency", "dpd-deficiency", "DPD deficiency, complete or partial (test before fluoropyrimidines)")
