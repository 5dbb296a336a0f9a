"""The peritoneum of a case: the scoring that counts as a large map, every scoring as a small one."""

from __future__ import annotations

from datetime import date

from peritia.case.case import Case
from peritia.case.peritoneum import REGIONS, PeritonealAssessment
from peritia.report.content import Peritoneum, Region
from peritia.report.events import scored_total
from peritia.report.peritoneum_map import peritoneum_map, small_map
from peritia.report.svg import Picture
from peritia.report.wording import Words

_BY_SURGEON = frozenset({"laparoscopy", "laparotomy"})
_HISTORY = 8


def peritoneum_section(case: Case, on: date, w: Words) -> Peritoneum | None:
    """Nothing when the peritoneum was never scored. A surgeon's latest scoring comes before any by imaging, which reads low."""
    scorings = sorted((entry for entry in case.peritoneum if entry.on is None or entry.on <= on), key=_age)
    if not scorings:
        return None
    shown = max(
        scorings,
        key=lambda entry: (bool(entry.regions) or entry.total is not None, entry.method in _BY_SURGEON, bool(entry.regions), _age(entry)),
    )
    names = {number: w(f"region.{number}") for number in range(len(REGIONS))}
    rows = tuple(_row(number, names[number], shown.regions.get(number), w) for number in range(len(REGIONS)))
    sides = {-1: w("side.right"), -2: w("side.left")}
    caption = _caption(shown, w)
    words = "; ".join(f"{row.number} {row.name}: {row.meaning}" for row in rows)
    drawn = peritoneum_map(shown.regions, name="peritoneum", title=w("map.title", caption=caption), description=words, names=names | sides)
    latest = scorings[-_HISTORY:] if len(scorings) > 1 else []
    history = tuple((_caption(entry, w), _small(entry, index, w)) for index, entry in enumerate(latest))
    return Peritoneum(caption=caption, map=drawn, regions=rows, history=history, remark=_remark(shown, w))


def _age(entry: PeritonealAssessment) -> int:
    return entry.on.toordinal() if entry.on else 0


def _row(number: int, name: str, size: int | None, w: Words) -> Region:
    return Region(number=number, name=name, size=size, meaning=w(f"lesion.{size}") if size is not None else w("lesion.none"))


def _caption(entry: PeritonealAssessment, w: Words) -> str:
    total = scored_total(entry.regions, entry.total)
    shown = w("event.pci", total=total) if total is not None else w("event.pci_part", n=len(entry.regions))
    return ", ".join((shown, w.category(entry.method), w.day(entry.on)))


def _remark(entry: PeritonealAssessment, w: Words) -> str:
    remarks: list[str] = []
    if not entry.regions:
        remarks.append(w("map.total_only"))
    elif len(entry.regions) < len(REGIONS):
        remarks.append(w("map.partial", n=len(entry.regions)))
    if entry.method not in _BY_SURGEON:
        remarks.append(w("map.imaging"))
    return " ".join(remarks)


def _small(entry: PeritonealAssessment, index: int, w: Words) -> Picture | None:
    if not entry.regions:
        return None
    words = "; ".join(f"{w(f'region.{number}')}: {size}" for number, size in sorted(entry.regions.items()))
    return small_map(entry.regions, name=f"scoring-{index}", title=_caption(entry, w), description=words)
