"""Contradictions about the disease: findings, variants, stage, status."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from peritia.case.case import Case
from peritia.case.conflicts.conflict import Conflict, entries

_GENES = frozenset({"kras", "nras", "braf", "brca1", "brca2", "pole", "bap1", "fgfr2", "ret"})
_RESULTS = {
    "gene": frozenset({"wild-type", "mutated", "equivocal"}),
    "mmr": frozenset({"deficient", "proficient", "equivocal"}),
    "protein": frozenset({"positive", "negative", "equivocal"}),
}
_WITHOUT_RESULT = frozenset({"tmb", "pd-l1-cps"})


def results_of(marker: str) -> frozenset[str]:
    """The results that a marker can have; none for one that is a number."""
    if marker in _WITHOUT_RESULT:
        return frozenset()
    return _RESULTS["mmr" if marker == "mmr" else "gene" if marker in _GENES else "protein"]


def molecular(case: Case, on: date) -> Iterator[Conflict]:
    """A result that its marker can have; no variant in a wild type."""
    for path, finding in entries(case, "molecular"):
        if finding.result == "wild-type" and finding.variant:
            yield Conflict(
                "wild-type-with-variant", "refuse", path, f"{finding.marker} is wild type and carries a variant", "keep one of the two"
            )
        if finding.tested is False and finding.result is not None:
            yield Conflict("result-without-test", "refuse", path, f"{finding.marker} is marked as not tested and has a result")
        possible = results_of(finding.marker)
        if finding.result is not None and finding.result not in possible:
            allowed = " or ".join(sorted(possible)) or "a number under value"
            yield Conflict(
                "result-of-another-kind", "refuse", path, f"{finding.marker} is reported as {finding.result}", f"expected {allowed}"
            )


def stage(case: Case, on: date) -> Iterator[Conflict]:
    """Side, sites and status that fit together."""
    if case.primary.site == "rectum" and case.primary.side == "right":
        yield Conflict("right-sided-rectum", "refuse", "primary.side", "a rectal primary recorded as right-sided")
    for path, finding in entries(case, "extraperitoneal"):
        if finding.presence == "absent" and finding.lesions:
            yield Conflict("absent-with-lesions", "refuse", path, f"{finding.site} is absent and has {finding.lesions} lesions")
        if finding.presence == "present" and finding.lesions == 0:
            yield Conflict("present-without-lesions", "refuse", path, f"{finding.site} is present with no lesion")
    for path, status in entries(case, "status"):
        if status.status == "no-evidence-of-disease" and "present" in (status.peritoneal, status.distant):
            yield Conflict("no-evidence-yet-present", "refuse", path, "no evidence of disease, yet disease is present")
    for path, ascites in entries(case, "ascites"):
        if ascites.volume_ml == 0 and (ascites.symptomatic or ascites.cause is not None):
            yield Conflict("ascites-of-no-volume", "refuse", path, "ascites of zero volume is symptomatic or has a cause")
