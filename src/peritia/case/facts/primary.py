"""The primary tumour and how it first showed."""

from __future__ import annotations

from typing import get_args

from peritia.case.disease import PrimarySite
from peritia.case.facts.calendar import months_between
from peritia.case.facts.declaration import fact
from peritia.case.facts.row import Finding, inferred, known
from peritia.case.facts.seen import Seen


def _recorded(seen: Seen, field: str) -> Finding | None:
    value = getattr(seen.case.primary, field)
    return None if value is None else known(value, seen.one("primary"))


@fact("primary_site", "cat", "Site of the primary tumour", "As recorded.", "primary", categories=get_args(PrimarySite), field="site")
def _site(seen: Seen) -> Finding | None:
    return _recorded(seen, "site")


@fact(
    "primary_side",
    "cat",
    "Side of a colon primary (rectum counts as left)",
    "As recorded; left for the rectum.",
    "primary",
    categories=("left", "right"),
)
def _side(seen: Seen) -> Finding | None:
    finding = _recorded(seen, "side")
    if finding is None and seen.case.primary.site == "rectum":
        return inferred("left", "the rectum counts as left", seen.one("primary"))
    return finding


@fact(
    "primary_status",
    "cat",
    "Primary resected or in place",
    "As recorded.",
    "primary",
    categories=("resected", "in-situ", "not-applicable"),
    field="status",
)
def _status(seen: Seen) -> Finding | None:
    return _recorded(seen, "status")


@fact("t_stage_4", "bool", "Primary T4", "True for T4, T4a and T4b.", "primary")
def _t4(seen: Seen) -> Finding | None:
    stage = seen.case.primary.t_stage
    return None if stage is None else known(stage.startswith("T4"), seen.one("primary"))


@fact("regional_nodes_positive", "bool", "N1 or higher", "False for N0.", "primary")
def _nodes(seen: Seen) -> Finding | None:
    stage = seen.case.primary.n_stage
    return None if stage is None else known(stage != "N0", seen.one("primary"))


@fact("n_stage", "cat", "Nodal stage of the primary", "As recorded.", "primary", categories=("N0", "N1", "N2", "N3"), field="n_stage")
def _n_stage(seen: Seen) -> Finding | None:
    return _recorded(seen, "n_stage")


@fact("figo_stage", "cat", "FIGO stage", "As recorded.", "primary", categories=("I", "II", "III", "IV"), field="figo_stage")
def _figo(seen: Seen) -> Finding | None:
    return _recorded(seen, "figo_stage")


@fact("primary_perforated", "bool", "Primary perforated", "As recorded.", "primary", field="perforated")
def _perforated(seen: Seen) -> Finding | None:
    return _recorded(seen, "perforated")


@fact(
    "synchronous_peritoneal_metastases",
    "bool",
    "Peritoneal metastases found with the primary",
    "As recorded.",
    "primary",
    field="synchronous_peritoneal",
)
def _synchronous(seen: Seen) -> Finding | None:
    return _recorded(seen, "synchronous_peritoneal")


@fact(
    "months_since_diagnosis",
    "num",
    "Months since diagnosis of the primary",
    "Calendar months to the assessment date.",
    "primary",
    unit="mo",
    domain=(0, 600),
)
def _since_diagnosis(seen: Seen) -> Finding | None:
    diagnosed = seen.case.primary.diagnosed_on
    return None if diagnosed is None or diagnosed > seen.on else known(months_between(diagnosed, seen.on), seen.one("primary"))
