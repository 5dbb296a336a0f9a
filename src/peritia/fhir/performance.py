"""Performance status, heart, symptoms: items of a day."""

from __future__ import annotations

from peritia.case.case import Case
from peritia.case.condition import Heart, Performance, Symptoms
from peritia.fhir.panel import Item, panel
from peritia.fhir.written import Written, write_components

PERFORMANCE = panel(
    "performance",
    Item(code="ecog", field="ecog", shape="integer", low=0, high=5),
    Item(code="karnofsky", field="karnofsky", shape="integer", low=0, high=100),
    Item(code="asa-class", field="asa", shape="integer", low=1, high=6),
    Item(code="nyha-class", field="nyha", shape="integer", family="nyha", low=1, high=4),
    Item(code="frail", field="frail", shape="boolean"),
    Item(code="life-expectancy", field="life_expectancy_months", shape="decimal", unit="mo"),
)
HEART = panel(
    "heart",
    Item(code="lvef", field="lvef_percent", shape="decimal", unit="%"),
    Item(code="qtc", field="qtc_ms", shape="decimal", unit="ms"),
)
SYMPTOMS = panel(
    "symptoms",
    Item(code="bowel-obstruction", field="bowel_obstruction", shape="answer", family="obstruction"),
    Item(code="obstruction-sites", field="obstruction_sites", shape="integer"),
    Item(code="nasogastric-tube", field="nasogastric_tube", shape="boolean"),
    Item(code="venting-gastrostomy", field="venting_gastrostomy", shape="boolean"),
    Item(code="parenteral-nutrition", field="parenteral_nutrition", shape="answer", family="nutrition"),
    Item(code="weight-loss", field="weight_loss_percent", shape="decimal", unit="%"),
    Item(code="sga-grade", field="sga", shape="answer", family="sga"),
    Item(code="pain", field="pain", shape="integer", low=0, high=10),
    Item(code="psdss-symptoms", field="psdss_symptoms", shape="answer", family="psdss"),
    Item(code="neuropathy-grade", field="neuropathy_grade", shape="integer", low=0, high=5),
    Item(code="esas-item", field="esas", shape="named", low=0, high=10),
)
PANELS = {PERFORMANCE.code: (PERFORMANCE, Performance), HEART.code: (HEART, Heart), SYMPTOMS.code: (SYMPTOMS, Symptoms)}


def write(case: Case, out: Written) -> None:
    """Performance, heart, symptoms."""
    for one in case.performance:
        _write_performance(one, out)
    for heart in case.heart:
        out.observe(HEART.code, heart.on, {"component": write_components(heart, HEART)})
    for symptoms in case.symptoms:
        out.observe(SYMPTOMS.code, symptoms.on, {"component": write_components(symptoms, SYMPTOMS)})


def _write_performance(one: Performance, out: Written) -> None:
    """ECOG and Karnofsky alone go in their mCODE profiles; together with more, they are one panel."""
    for field, profile in (("ecog", "mcode-ecog-performance-status"), ("karnofsky", "mcode-karnofsky-performance-status")):
        value = getattr(one, field)
        if value is not None and one == Performance(on=one.on, document=one.document, **{field: value}):
            out.observe(field, one.on, {"valueInteger": value}, category="survey", profile=profile)
            return
    out.observe(PERFORMANCE.code, one.on, {"component": write_components(one, PERFORMANCE)}, category="survey")
