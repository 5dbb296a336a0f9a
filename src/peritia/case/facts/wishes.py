"""What the patient wants, and what the team already plans. A refusal is the patient's own, dated and reversible."""

from __future__ import annotations

from peritia.case.facts.declaration import Assumption, Derive, fact
from peritia.case.facts.row import Finding, disagree, known
from peritia.case.facts.seen import Seen

_NO_REFUSAL = Assumption(False, "assumed: no refusal recorded")


def _declare(name: str, about: str, description: str) -> Derive:
    """Declare a fact on one refusal."""

    def rule(seen: Seen) -> Finding | None:
        rows = seen.groups["preferences"][about]
        if len(rows) > 1 and rows[1].day == rows[0].day and rows[1].entry.choice != rows[0].entry.choice:
            return disagree(rows[0], rows[1])
        return known(rows[0].entry.choice == "refuses", rows[0])

    how = (
        "True if the latest entry refuses, false if it accepts; without entry assumed not refused, which is shown and can be switched off."
    )
    return fact(name, "bool", description, how, "preferences", key=about, assumed=_NO_REFUSAL)(rule)


_declare("refuses_surgery", "surgery", "Patient refuses surgery")
_declare("refuses_pipac", "pipac", "Patient refuses PIPAC")
_declare("refuses_hipec", "hipec", "Patient refuses HIPEC")
_declare("refuses_systemic_therapy", "systemic-therapy", "Patient refuses systemic chemotherapy")
_declare("refuses_targeted_therapy", "targeted-therapy", "Patient refuses targeted therapy")
_declare("refuses_immunotherapy", "immunotherapy", "Patient refuses immunotherapy")
_declare("refuses_radiation", "radiation", "Patient refuses radiation")
_declare("refuses_trial", "trial", "Patient refuses trials")
_declare("refuses_blood_transfusion", "blood-transfusion", "Patient refuses blood transfusion")


def _planned(seen: Seen, field: str) -> Finding | None:
    value = None if seen.case.plans is None else getattr(seen.case.plans, field)
    return None if value is None else known(value, seen.one("plans"))


@fact(
    "gastrointestinal_resection_planned_same_session",
    "bool",
    "Gastrointestinal resection planned in the PIPAC session",
    "As recorded under plans.",
    "plans",
)
def _resection(seen: Seen) -> Finding | None:
    return _planned(seen, "gastrointestinal_resection_same_session")


@fact(
    "interval_debulking_planned",
    "bool",
    "Interval cytoreduction after neoadjuvant chemotherapy planned",
    "As recorded under plans.",
    "plans",
)
def _debulking(seen: Seen) -> Finding | None:
    return _planned(seen, "interval_debulking")
