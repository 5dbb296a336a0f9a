"""What a simulation predicted: one Observation, its model in a component. Without technique or model it is listed and not used."""

from __future__ import annotations

from peritia.case.prediction import Prediction
from peritia.fhir.draft import Draft
from peritia.fhir.panel import Item, panel, read_components
from peritia.fhir.resources import Observation
from peritia.fhir.written import Written, write_components

PREDICTION = panel(
    "prediction",
    Item(code="predicted-technique", field="technique", shape="answer", family="technique"),
    Item(code="predicted-model", field="model", shape="text"),
    Item(code="predicted-regimen", field="regimen", shape="text"),
    Item(code="predicted-drug", field="drug", shape="text"),
    Item(code="predicted-anatomy", field="anatomy", shape="text"),
    Item(code="predicted-coverage", field="coverage", shape="decimal", unit="1"),
    Item(code="predicted-homogeneity", field="homogeneity", shape="decimal", unit="1"),
    Item(code="predicted-mean-uptake", field="mean_uptake_mg_per_m2", shape="decimal", unit="mg/m2"),
    Item(code="predicted-worst-region", field="worst_region", shape="integer"),
    Item(code="predicted-worst-region-coverage", field="worst_region_coverage", shape="decimal", unit="1"),
    Item(code="predicted-depth-tenth", field="depth_tenth_mm", shape="decimal", unit="mm"),
    Item(code="predicted-plasma-species", field="plasma_species", shape="text"),
    Item(code="predicted-plasma-peak", field="plasma_peak_mg_per_l", shape="decimal", unit="mg/L"),
    Item(code="predicted-plasma-auc", field="plasma_auc_24h_mg_h_per_l", shape="decimal", unit="mg.h/L"),
    Item(code="predicted-bath-mean", field="bath_mean_c", shape="decimal", unit="Cel"),
    Item(code="predicted-core-peak", field="core_peak_c", shape="decimal", unit="Cel"),
)


def write(one: Prediction, out: Written) -> None:
    """One prediction."""
    out.observe(PREDICTION.code, one.on, {"component": write_components(one, PREDICTION)}, category="survey")


def _read(draft: Draft, resource: Observation, word: str) -> None:
    fields = read_components(draft, resource, PREDICTION)
    if not fields.get("technique") or not fields.get("model"):
        draft.note("predicted figures", "they name no technique or no model")
        return
    draft.predicted.append(Prediction(on=draft.observed(resource), document=draft.where, **fields))


READ = {PREDICTION.code: _read}
