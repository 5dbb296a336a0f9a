"""Extent of disease and what surgery left: PCI, its change, the simplified index, Gilly, completeness of cytoreduction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from peritia.knowledge.scoring.definition import ScoreError, definition, on_scale, table_of

SMALL_BOWEL_REGIONS = range(9, 13)


class Pci(msgspec.Struct, frozen=True, kw_only=True):
    """Peritoneal cancer index. ``total`` is known when all thirteen regions are scored, and lies from ``at_least`` to ``at_most``."""

    total: int | None
    at_least: int
    at_most: int
    small_bowel: int | None
    regions_involved: int | None
    missing: tuple[int, ...]


class Dpci(msgspec.Struct, frozen=True, kw_only=True):
    """Change of PCI between two explorations, and its class; negative is less disease, for which no class is published."""

    change: int
    id: str
    label: str


def lesion_size(largest_mm: float, *, confluent: bool = False) -> int:
    """LS of a region from its largest implant in mm; confluent disease is LS 3 whatever its size."""
    pci_file = definition("pci")
    if confluent:
        return int(max(level.value for level in pci_file.levels))
    band = table_of(pci_file, "lesion-size").band_of(largest_mm)
    if band is None:
        raise ScoreError("a lesion size below zero", "the largest implant in mm")
    return int(band.id.removeprefix("ls"))


def pci(regions: Mapping[int, int | None]) -> Pci:
    """PCI = sum of the lesion sizes of regions 0 to 12. A region that is absent or ``None`` is not scored, never zero."""
    pci_file = definition("pci")
    numbers = [int(region.value) for region in pci_file.regions]
    top = int(max(level.value for level in pci_file.levels))
    for region, size in regions.items():
        if region not in numbers:
            raise ScoreError(f"there is no PCI region {region}", "regions 0 to 12")
        if size is not None and not 0 <= size <= top:
            raise ScoreError(f"region {region} has no lesion size {size}", f"lesion size 0 to {top}")
    sizes = {number: regions.get(number) for number in numbers}
    known = [size for size in sizes.values() if size is not None]
    missing = tuple(number for number, size in sizes.items() if size is None)
    bowel = [sizes[number] for number in SMALL_BOWEL_REGIONS]
    return Pci(
        total=None if missing else sum(known),
        at_least=sum(known),
        at_most=sum(known) + top * len(missing),
        small_bowel=_sum_if_known(bowel),
        regions_involved=None if missing else sum(size > 0 for size in known),
        missing=missing,
    )


def dpci(first: int, second: int) -> Dpci:
    """DPCI = second - first; both explored by a surgeon. Not the PCI of diffuse disease."""
    for value in (first, second):
        on_scale(definition("pci"), value, "a PCI")
    change = second - first
    band = table_of(definition("dpci"), "class").band_of(change)
    return Dpci(change=change, id=band.id if band else "less", label=band.label if band else "less disease; no class is published")


def spci(regions: Sequence[int | None]) -> int | None:
    """Simplified PCI: sum of seven regions, each 0 to 3; unknown while one is not scored."""
    score = definition("spci")
    if len(regions) != len(score.regions):
        raise ScoreError(f"{len(regions)} regions are given", f"{len(score.regions)} regions")
    for size in regions:
        if size is not None and size not in {int(level.value) for level in score.levels}:
            raise ScoreError(f"there is no size {size}", "0 to 3")
    return _sum_if_known(regions)


def gilly(largest_mm: float | None, *, diffuse: bool | None) -> int | None:
    """Gilly stage 0 to 4 by the largest implant; below 5 mm the spread decides. Unknown while either is needed and not known."""
    if largest_mm is None:
        return None
    band = table_of(definition("gilly"), "size").band_of(largest_mm)
    if band is None:
        raise ScoreError("a size below zero", "the largest implant in mm")
    if band.id != "small":
        return int(band.id)
    return None if diffuse is None else 2 if diffuse else 1


def cc(residual_mm: float) -> int:
    """CC score from the largest residual nodule in mm; 0 is none visible."""
    band = table_of(definition("cc"), "cc").band_of(residual_mm)
    if band is None:
        raise ScoreError("a residual below zero", "the largest residual nodule in mm, 0 for none visible")
    return int(band.id.removeprefix("cc"))


def complete_by(name: str, residual_mm: float | None) -> bool | None:
    """Whether a resection counts as complete by one named definition: ``cc0``, ``prodige-7``, ``chipor`` and others."""
    table = table_of(definition("cc"), f"complete-{name}")
    return None if residual_mm is None else table.band_of(residual_mm) is not None


def _sum_if_known(sizes: Sequence[int | None]) -> int | None:
    known = [size for size in sizes if size is not None]
    return sum(known) if len(known) == len(sizes) else None
