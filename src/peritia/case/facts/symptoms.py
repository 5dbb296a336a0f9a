"""What the patient suffers from. A cytoreduction makes older entries out of date, except neuropathy."""

from __future__ import annotations

from peritia.case.facts.declaration import Derive, Kind, fact
from peritia.case.facts.newest import latest, latest_current
from peritia.case.facts.row import Finding, inferred
from peritia.case.facts.seen import Seen


def _declare(
    name: str, kind: Kind, description: str, field: str, *, unit: str | None = None, domain: tuple[float, float] | None = None,
    categories: tuple[str, ...] = (),
) -> Derive:  # fmt: skip
    """Declare a fact that is one field of the symptom entries."""

    def rule(seen: Seen) -> Finding | None:
        return latest_current(seen, "symptoms", field)

    how = "Latest entry under symptoms since the last cytoreduction."
    return fact(name, kind, description, how, "symptoms", "cytoreductions", unit=unit, domain=domain, categories=categories, field=field)(
        rule
    )


_declare("bowel_obstruction", "cat", "Symptomatic bowel obstruction now", "bowel_obstruction", categories=("none", "partial", "complete"))
_declare("bowel_obstruction_sites", "int", "Sites of obstruction", "obstruction_sites", unit="{count}", domain=(0, 20))
_declare("nasogastric_tube", "bool", "Needs a nasogastric tube", "nasogastric_tube")
_declare("venting_gastrostomy", "bool", "Has a venting gastrostomy", "venting_gastrostomy")
_declare("parenteral_nutrition", "cat", "Parenteral nutrition", "parenteral_nutrition", categories=("none", "supplementary", "exclusive"))
_declare("weight_loss_percent", "num", "Weight loss", "weight_loss_percent", unit="%", domain=(0, 60))
_declare("sga", "cat", "Subjective global assessment of nutrition", "sga", categories=("A", "B", "C"))
_declare("pain_score", "int", "Pain 0-10", "pain", unit="{score}", domain=(0, 10))
_declare("psdss_symptoms", "cat", "Symptom group of the PSDSS", "psdss_symptoms", categories=("none", "mild", "severe"))


@fact(
    "neuropathy_grade",
    "int",
    "Sensory neuropathy, CTCAE grade",
    "Latest entry under symptoms.",
    "symptoms",
    unit="{score}",
    domain=(0, 5),
    field="neuropathy_grade",
)
def _neuropathy(seen: Seen) -> Finding | None:
    return latest(seen.rows["symptoms"], "neuropathy_grade")


@fact(
    "esas_worst",
    "int",
    "Highest ESAS-r item",
    "Highest item of the latest ESAS-r since the last cytoreduction.",
    "symptoms",
    "cytoreductions",
    unit="{score}",
    domain=(0, 10),
)
def _esas(seen: Seen) -> Finding | None:
    for row in seen.current["symptoms"]:
        if row.entry.esas:
            return inferred(max(row.entry.esas.values()), "highest item", row)
    return None
