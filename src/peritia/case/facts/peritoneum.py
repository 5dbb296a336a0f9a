"""The peritoneum now: PCI by method, change between explorations, resectability as the surgeon sees it, ascites, cytology, regression."""

from __future__ import annotations

from peritia.case.facts.calendar import UNDATED, months_between
from peritia.case.facts.declaration import fact
from peritia.case.facts.evidence import peritoneal_disease
from peritia.case.facts.explorations import IMAGING, SMALL_BOWEL_REGIONS, SURGICAL, contradiction, newest, scored
from peritia.case.facts.newest import any_of, compared, latest, latest_current
from peritia.case.facts.row import Finding, Row, inferred, known, unknown
from peritia.case.facts.seen import Seen
from peritia.case.peritoneum import REGIONS

_SURGICAL_PCI = "Latest score at laparoscopy or laparotomy since the last cytoreduction; a total, or the sum of thirteen scored regions."


@fact(
    "peritoneal_disease_present",
    "bool",
    "Peritoneal metastases or peritoneal malignancy present now",
    "Newest of: stated status, PCI above zero, PCI zero at surgery, residual disease, biopsy; unknown "
    "after a complete cytoreduction until staged again. Positive cytology makes it true in gastric cancer, where it is stage IV, and "
    "elsewhere keeps it from being false.",
    "primary",
    "histology",
    "status",
    "peritoneum",
    "cytology",
    "cytoreductions",
    "regression",
)
def _present(seen: Seen) -> Finding | None:
    return peritoneal_disease(seen)


@fact(
    "pci_surgical",
    "int",
    "Latest PCI scored by a surgeon (laparoscopy or laparotomy)",
    _SURGICAL_PCI,
    "peritoneum",
    "cytoreductions",
    unit="{score}",
    domain=(0, 39),
)
def _pci_surgical(seen: Seen) -> Finding | None:
    return newest(seen, SURGICAL)


@fact(
    "pci_surgical_age_days",
    "int",
    "Age of that score",
    "Days from that score to the assessment date.",
    "peritoneum",
    "cytoreductions",
    unit="d",
    domain=(0, 7300),
)
def _pci_age(seen: Seen) -> Finding | None:
    finding = seen.found.get("pci_surgical")
    if finding is None or finding.value is None or finding.rows[0].day is UNDATED:
        return None
    return known((seen.on - finding.rows[0].day).days, finding.rows[0])


@fact(
    "pci_laparoscopy",
    "int",
    "Latest PCI at laparoscopy",
    "As pci_surgical, laparoscopy only.",
    "peritoneum",
    unit="{score}",
    domain=(0, 39),
)
def _pci_laparoscopy(seen: Seen) -> Finding | None:
    return newest(seen, frozenset({"laparoscopy"}))


@fact(
    "pci_imaging",
    "int",
    "Latest PCI by CT, MRI or PET-CT (reads low; never used as surgical PCI)",
    "Latest score by imaging since the last cytoreduction.",
    "peritoneum",
    unit="{score}",
    domain=(0, 39),
)
def _pci_imaging(seen: Seen) -> Finding | None:
    return newest(seen, IMAGING)


@fact("pci_ct", "int", "Latest PCI by CT", "Latest score by CT since the last cytoreduction.", "peritoneum", unit="{score}", domain=(0, 39))
def _pci_ct(seen: Seen) -> Finding | None:
    return newest(seen, frozenset({"ct"}))


def _regions(seen: Seen) -> Row | None:
    """The newest surgical scoring, if it carries regions that fit together."""
    for row in seen.current["peritoneum"]:
        if row.entry.method in SURGICAL and (row.entry.regions or row.entry.total is not None):
            return row if row.entry.regions and contradiction(row.entry) is None else None
    return None


def _none_at_all(seen: Seen) -> Finding | None:
    """A total of zero says it of every region."""
    total = newest(seen, SURGICAL)
    return inferred(0, "a PCI of zero", *total.rows) if total is not None and total.value == 0 else None


@fact(
    "pci_small_bowel",
    "int",
    "Sum of regions 9 to 12 at the latest surgical score",
    "Sum of the four small-bowel regions when all four are scored; 0 where the total is 0.",
    "peritoneum",
    "cytoreductions",
    unit="{score}",
    domain=(0, 12),
)
def _pci_small_bowel(seen: Seen) -> Finding | None:
    row = _regions(seen)
    if row is None:
        return _none_at_all(seen)
    sizes = [row.entry.regions.get(region) for region in SMALL_BOWEL_REGIONS]
    if None in sizes:
        return unknown("not all of regions 9 to 12 are scored", row)
    return inferred(sum(sizes), "sum of regions 9 to 12", row)


@fact(
    "pci_regions_involved",
    "int",
    "Number of regions with lesion size >= 1 at the latest surgical score",
    "Counted when all thirteen regions are scored; 0 where the total is 0.",
    "peritoneum",
    "cytoreductions",
    unit="{count}",
    domain=(0, 13),
)
def _pci_regions(seen: Seen) -> Finding | None:
    row = _regions(seen)
    if row is None:
        return _none_at_all(seen)
    if len(row.entry.regions) < len(REGIONS):
        return unknown(f"{len(row.entry.regions)} of {len(REGIONS)} regions scored", row)
    return inferred(sum(size > 0 for size in row.entry.regions.values()), "counted from regions", row)


def _two_scores(seen: Seen) -> tuple[Finding, Finding] | None:
    found = scored(seen, SURGICAL)
    return (found[0], found[1]) if len(found) > 1 else None


@fact(
    "pci_previous_surgical",
    "int",
    "Surgical PCI before the latest",
    "The surgical score before the latest, since the last cytoreduction.",
    "peritoneum",
    "cytoreductions",
    unit="{score}",
    domain=(0, 39),
)
def _pci_previous(seen: Seen) -> Finding | None:
    two = _two_scores(seen)
    return None if two is None else two[1]


@fact(
    "dpci",
    "int",
    "Change of surgical PCI between the last two explorations",
    "Latest surgical PCI minus the one before.",
    "peritoneum",
    "cytoreductions",
    unit="{score}",
    domain=(-39, 39),
)
def _dpci(seen: Seen) -> Finding | None:
    two = _two_scores(seen)
    if two is None or two[0].value is None or two[1].value is None:
        return None
    return inferred(int(two[0].value) - int(two[1].value), "latest minus previous surgical PCI", *two[0].rows, *two[1].rows)


@fact(
    "months_between_explorations",
    "num",
    "Months between the last two explorations",
    "Calendar months between the last two surgical scores.",
    "peritoneum",
    "cytoreductions",
    unit="mo",
    domain=(0, 240),
)
def _between(seen: Seen) -> Finding | None:
    two = _two_scores(seen)
    if two is None or two[1].rows[0].day is UNDATED:
        return None
    return inferred(
        months_between(two[1].rows[0].day, two[0].rows[0].day), "between the last two surgical scores", *two[0].rows, *two[1].rows
    )


@fact(
    "diffuse_small_bowel_disease",
    "bool",
    "Confluent small-bowel or diffuse mesenteric disease",
    "True if either is seen by any method; false only if a surgeon found neither.",
    "peritoneum",
    "cytoreductions",
)
def _diffuse(seen: Seen) -> Finding | None:
    return any_of(
        "confluent small-bowel or diffuse mesenteric disease",
        (_surgeon_saw(seen, "confluent_small_bowel"), _surgeon_saw(seen, "diffuse_mesentery")),
    )


def _surgeon_saw(seen: Seen, field: str) -> Finding | None:
    finding = latest_current(seen, "peritoneum", field)
    if finding is None or finding.value is None:
        return finding
    if finding.value == "not-staged":
        return unknown("not judged", *finding.rows)
    if finding.value == "absent" and finding.rows[0].entry.method not in SURGICAL:
        return unknown("imaging cannot rule it out", *finding.rows)
    return known(finding.value == "present", *finding.rows)


@fact(
    "complete_resection_expected",
    "bool",
    "Surgeon expects the completeness that counts for this primary (CC0; CC0-1 in PMP and mesothelioma)",
    "CC0 counts for every primary; CC1 counts in pseudomyxoma, low-grade mucinous disease and mesothelioma.",
    "peritoneum",
    "cytoreductions",
)
def _complete(seen: Seen) -> Finding | None:
    finding = latest_current(seen, "peritoneum", "complete_resection_expected")
    if finding is None or finding.value is None:
        return finding
    if finding.value == "uncertain":
        return unknown("the surgeon is not certain", *finding.rows)
    if finding.value != "cc1":
        return known(finding.value == "cc0", *finding.rows)
    names = ("pseudomyxoma", "low_grade_mucinous", "peritoneal_mesothelioma")
    enough = any_of("CC1 is complete in this disease", (seen.found.get(name) for name in names))
    if enough is None or enough.value is None:
        return unknown("CC1 expected; whether that is complete depends on the histology", *finding.rows)
    return inferred(bool(enough.value), "CC1 expected, judged by the disease", *finding.rows, *enough.rows)


@fact("cc0_expected", "bool", "Surgeon expects CC0", "As judged at the latest assessment.", "peritoneum", "cytoreductions")
def _cc0(seen: Seen) -> Finding | None:
    finding = latest_current(seen, "peritoneum", "complete_resection_expected")
    if finding is not None and finding.value == "uncertain":
        return unknown("the surgeon is not certain", *finding.rows)
    return compared(finding, lambda expected: expected == "cc0", "by the surgeon's expectation")


@fact(
    "adhesions_prevent_access",
    "bool",
    "Adhesions prevented access at the latest exploration",
    "As recorded at the latest exploration, or by the access of the latest PIPAC.",
    "peritoneum",
    "pipac",
    "cytoreductions",
)
def _adhesions(seen: Seen) -> Finding | None:
    recorded = latest([row for row in seen.current["peritoneum"] if row.entry.method in SURGICAL], "adhesions_prevent_access")
    attempts = [row for row in seen.current["pipac"] if row.entry.access is not None]
    if not attempts or (recorded is not None and recorded.rows[0].day > attempts[0].day):
        return recorded
    failed = attempts[0].entry.access == "failed"
    if recorded is not None and recorded.rows[0].day == attempts[0].day and recorded.value is not failed:
        return unknown("recorded access and adhesions of the same day disagree", *recorded.rows, attempts[0])
    return inferred(failed, "by access at the latest PIPAC", attempts[0])
