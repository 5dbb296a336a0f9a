"""Radiation: where, and how much."""

from __future__ import annotations

from typing import Any

from peritia.case.treatment import Radiation
from peritia.fhir.codesystem import PSM
from peritia.fhir.draft import MCODE, Draft, extension, shown
from peritia.fhir.panel import in_unit
from peritia.fhir.resources import Procedure
from peritia.fhir.wire import Concept
from peritia.fhir.written import Written, concept, quantity, unknown_time

DOSE_TO_VOLUME = MCODE + "mcode-radiotherapy-dose-delivered-to-volume"
_SITES = {
    "body-abdomen": "abdomen", "body-peritoneum": "abdomen", "body-pelvis": "pelvis", "body-mediastinum": "mediastinum",
    "body-liver": "liver", "body-lung": "lung", "body-bone": "bone", "body-brain": "brain",
    "body-chest-wall": "other", "body-breast": "other",
}  # fmt: skip


def read_radiation(draft: Draft, resource: Procedure) -> None:
    """A course of radiotherapy: its site, and the largest dose to a volume. Two different sites in one course are read as another site."""
    sites: set[Any] = set()
    for one in resource.bodySite:
        said = Concept(one.coding, one.text)
        found = draft.meaning(said)
        site = found.value if found is not None and found.family == "radiation" else _SITES.get(found.code) if found is not None else None
        if site is None:
            draft.note(f"radiation site {shown(said)}", "not a site that Peritia reads")
        else:
            sites.add(site)
    site = sites.pop() if len(sites) == 1 else "other" if sites else None
    draft.radiation.append(Radiation(on=draft.performed(resource), site=site, dose_gy=_dose(resource), document=draft.where))


def _dose(resource: Procedure) -> float | None:
    exact = extension(resource.extension, f"{PSM}:radiation-dose")
    if exact is not None:
        return in_unit(exact.valueQuantity, "Gy")
    doses = [
        dose
        for volume in resource.extension
        if volume.url == DOSE_TO_VOLUME
        for part in volume.extension
        if part.url == "totalDoseDelivered" and (dose := in_unit(part.valueQuantity, "Gy")) is not None
    ]
    return max(doses, default=None)


def write_radiation(radiation: Radiation, out: Written) -> None:
    """An mCODE course summary."""
    resource: dict[str, Any] = {"status": "completed", "code": concept("radiotherapy")}
    if radiation.site is not None:
        resource["bodySite"] = [concept(f"radiation-{radiation.site}")]
    if radiation.dose_gy is not None:
        resource["extension"] = [{"url": f"{PSM}:radiation-dose", "valueQuantity": quantity(radiation.dose_gy, "Gy")}]
    resource["performedPeriod"] = {"start": radiation.on.isoformat()} if radiation.on is not None else unknown_time()
    out.add("Procedure", resource, profile="mcode-radiotherapy-course-summary", name="radiotherapy")
