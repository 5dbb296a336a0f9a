"""What a simulation predicted, by technique: always inferred, with the model that said so. No criterion may rest on a prediction.

They stand beside the case's own facts so that a board sees them and a cohort can count them. ``tests/delivery`` holds the rule that no
treatment, study, trial, policy or checklist of the library asks for one.
"""

from __future__ import annotations

from typing import Literal

from peritia.case.facts.declaration import Kind, fact
from peritia.case.facts.newest import latest
from peritia.case.facts.row import Finding, Row, inferred
from peritia.case.facts.seen import Seen

Technique = Literal["pipac", "hipec"]
_FIGURES: tuple[tuple[str, Kind, str, str | None, tuple[float, float]], ...] = (
    ("coverage", "num", "share of the open peritoneum with at least a tenth of the mean uptake", "1", (0, 1)),
    ("homogeneity", "num", "evenness of the uptake over area, 1 is even", "1", (0, 1)),
    ("mean_uptake_mg_per_m2", "num", "mean uptake by the open peritoneum", "mg/m2", (0, 100_000)),
    ("worst_region", "int", "PCI region with the least coverage", None, (0, 12)),
    ("worst_region_coverage", "num", "coverage of the worst region", "1", (0, 1)),
    ("depth_tenth_mm", "num", "mean depth of a tenth of the surface's exposure", "mm", (0, 50)),
    ("plasma_peak_mg_per_l", "num", "peak in plasma", "mg/L", (0, 1000)),
    ("plasma_auc_24h_mg_h_per_l", "num", "area under the plasma curve to 24 h", "mg.h/L", (0, 100_000)),
)
_HEATED: tuple[tuple[str, Kind, str, str | None, tuple[float, float]], ...] = (
    ("bath_mean_c", "num", "mean bath temperature with the drug in, degrees Celsius", None, (20, 60)),
    ("core_peak_c", "num", "highest core temperature, degrees Celsius", None, (30, 45)),
)


def _declare(technique: Technique, field: str, kind: Kind, meaning: str, unit: str | None, domain: tuple[float, float]) -> None:
    """Declare one predicted figure of one technique."""

    def rule(seen: Seen) -> Finding | None:
        finding = latest(seen.groups["predicted"].get(technique, ()), field)
        return finding if finding is None or finding.value is None else inferred(finding.value, _told(finding.rows[0]), *finding.rows)

    fact(
        f"predicted_{technique}_{field}",
        kind,
        f"{technique.upper()} simulated: {meaning}",
        "The latest prediction of this technique on the case, of the drug given first; two predictions of one day that differ leave it "
        "unknown. Inferred, with the model's version: a simulation's figure, not a finding.",
        "predicted",
        unit=unit,
        domain=domain,
    )(rule)


def _told(row: Row) -> str:
    """Who predicted it, and for what."""
    entry = row.entry
    counted = entry.plasma_species.replace("-", " ") if entry.plasma_species else ""
    parts = (entry.regimen, entry.drug, counted)
    return f"predicted by {entry.model}" + "".join(f", {part}" for part in parts if part)


for _technique in ("pipac", "hipec"):
    for _figure in _FIGURES:
        _declare(_technique, *_figure)
for _figure in _HEATED:
    _declare("hipec", *_figure)
