"""Reads a case as dated events in lanes: diagnosis and status, peritoneum, systemic therapy, surgery, PIPAC, radiation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from peritia.case.case import Case
from peritia.case.treatment import Dose, SystemicLine
from peritia.report.wording import Words

LANES = ("status", "pci", "systemic", "surgery", "pipac", "radiation")


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something done or seen. ``until`` makes it a bar; ``shape`` is the marker; ``label`` is short, ``sentence`` whole."""

    lane: str
    on: date | None
    until: date | None = None
    ongoing: bool = False
    shape: str = "dot"
    label: str
    sentence: str


def events(case: Case, on: date, w: Words) -> tuple[Event, ...]:
    """Every entry of the case that has its place in time, oldest first, undated last; what lies after ``on`` is left out."""
    found = [*_status(case, w), *_scorings(case, w), *_systemic(case, on, w), *_surgery(case, w), *_pipac(case, w), *_radiation(case, w)]
    known = [event for event in found if event.on is None or event.on <= on]
    return tuple(sorted(known, key=lambda event: (event.on or date.max, LANES.index(event.lane))))


def scored_total(regions: dict[int, int], total: int | None) -> int | None:
    """The PCI as recorded, or summed when all thirteen regions are scored."""
    if total is not None:
        return total
    return sum(regions.values()) if len(regions) == 13 else None


def drugs(doses: tuple[Dose, ...], w: Words) -> str:
    """Drug names joined by a plus, doses where recorded."""
    return " + ".join(w.category(dose.drug) + _amount(dose, w) for dose in doses)


def _amount(dose: Dose, w: Words) -> str:
    if dose.mg_per_m2 is not None:
        return f" {w.number(dose.mg_per_m2)} mg/m²"
    return f" {w.number(dose.mg)} mg" if dose.mg is not None else ""


def _status(case: Case, w: Words) -> Iterator[Event]:
    if case.primary.diagnosed_on is not None:
        word = w("event.diagnosis")
        yield Event(
            lane="status",
            on=case.primary.diagnosed_on,
            shape="square",
            label=word,
            sentence=f"{word}: {w.category(case.primary.site)}" if case.primary.site else word,
        )
    for entry in case.status:
        word = w.category(entry.status)
        by = f" ({w.category(entry.evidence)})" if entry.evidence else ""
        shape = {"progressing": "up", "recurrent": "up", "responding": "down", "no-evidence-of-disease": "ring"}.get(entry.status, "dot")
        yield Event(lane="status", on=entry.on, shape=shape, label=word, sentence=f"{w('event.status')}: {word}{by}")


def _scorings(case: Case, w: Words) -> Iterator[Event]:
    for entry in case.peritoneum:
        total = scored_total(entry.regions, entry.total)
        shown = w("event.pci", total=total) if total is not None else w("event.pci_part", n=len(entry.regions))
        method = w.category(entry.method)
        yield Event(lane="pci", on=entry.on, shape="square", label=f"{shown} {method}", sentence=f"{shown}, {method}")
    for biopsies in case.regression:
        if biopsies.grades:
            mean = w.number(sum(biopsies.grades) / len(biopsies.grades))
            label = w("event.prgs", mean=mean)
            yield Event(
                lane="pci", on=biopsies.on, shape="ring", label=label, sentence=w("event.prgs_of", label=label, n=len(biopsies.grades))
            )


def _systemic(case: Case, on: date, w: Words) -> Iterator[Event]:
    for line in case.systemic:
        names = " + ".join(w.category(dose.drug) for dose in line.drugs)
        until = line.ended_on or (on if line.ongoing else None)
        yield Event(
            lane="systemic", on=line.started_on, until=until, ongoing=bool(line.ongoing), shape="bar", label=names,
            sentence=f"{w('lane.systemic')}: {drugs(line.drugs, w)}{_course(line, w)}",
        )  # fmt: skip


def _course(line: SystemicLine, w: Words) -> str:
    parts = [w.category(line.setting) if line.setting else "", w("event.ongoing") if line.ongoing else ""]
    if line.ended_on is not None:
        parts.append(w("event.until", day=w.day(line.ended_on)))
    if line.best_response is not None:
        parts.append(w("event.best_response", response=w.category(line.best_response)))
    if line.stopped_for is not None:
        parts.append(w("event.stopped_for", reason=w.category(line.stopped_for)))
    said = "; ".join(part for part in parts if part)
    return f" ({said})" if said else ""


def _surgery(case: Case, w: Words) -> Iterator[Event]:
    for entry in case.cytoreductions:
        name = w("event.crs_hipec") if entry.hipec else w("event.crs")
        if entry.completed is False:
            name = w("event.abandoned", name=name)
        scores = [f"PCI {entry.pci}" if entry.pci is not None else "", f"CC{entry.cc}" if entry.cc is not None else ""]
        label = ", ".join(part for part in [name, *scores] if part)
        agents = f": {drugs(entry.hipec_drugs, w)}" if entry.hipec_drugs else ""
        yield Event(lane="surgery", on=entry.on, shape="diamond", label=label, sentence=label + agents + _complication(entry.clavien_dindo))


def _pipac(case: Case, w: Words) -> Iterator[Event]:
    given = 0
    for entry in sorted(case.pipac, key=lambda session: session.on or date.max):
        failed = entry.access == "failed"
        given += not failed
        label = w("event.no_access") if failed else str(given)
        agents = f": {drugs(entry.doses, w)}" if entry.doses else ""
        sentence = f"PIPAC {label}{agents}{_complication(entry.clavien_dindo)}"
        yield Event(lane="pipac", on=entry.on, shape="cross" if failed else "dot", label=label, sentence=sentence)


def _complication(grade: str | None) -> str:
    return f" (Clavien-Dindo {grade})" if grade else ""


def _radiation(case: Case, w: Words) -> Iterator[Event]:
    for entry in case.radiation:
        label = " ".join(
            part
            for part in [w.category(entry.site) if entry.site else "", f"{w.number(entry.dose_gy)} Gy" if entry.dose_gy else ""]
            if part
        )
        yield Event(
            lane="radiation",
            on=entry.on,
            shape="diamond",
            label=label,
            sentence=f"{w('lane.radiation')}: {label}" if label else w("lane.radiation"),
        )
