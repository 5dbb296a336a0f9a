"""Lines of systemic therapy.

Administrations that are part of one of our line Procedures make that line. Others are put together conservatively: same intent, no long
gap. Where drugs changed without a gap the number of lines is not known, so the setting is left open and that is listed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from peritia.case.treatment import Dose, SystemicLine
from peritia.fhir.administration import Given, write_dose
from peritia.fhir.codes import code_table
from peritia.fhir.codesystem import PSM
from peritia.fhir.draft import Draft, extension
from peritia.fhir.resources import Procedure
from peritia.fhir.written import Written, coded, concept

_SETTINGS = {"intent-palliative": "palliative", "intent-adjuvant": "adjuvant", "intent-neoadjuvant": "neoadjuvant"}
_ONGOING = {"in-progress": True, "completed": False, "stopped": False}


def line_from(draft: Draft, resource: Procedure, doses: Sequence[Dose]) -> SystemicLine:
    """One of our line Procedures with its drugs."""
    setting = extension(resource.extension, f"{PSM}:line-setting")
    said: dict[str, Any] = {
        "setting": draft.answer(setting.valueCodeableConcept, "setting") if setting is not None else None,
        "best_response": draft.answer(resource.outcome, "response"),
        "stopped_for": draft.answer(resource.statusReason, "stopped"),
    }
    started, ended = draft.period(resource.performedPeriod)
    return SystemicLine(
        drugs=tuple(doses),
        started_on=started or draft.day(resource.performedDateTime, "performed"),
        ended_on=ended,
        ongoing=_ONGOING.get(resource.status or ""),
        document=draft.where,
        **said,
    )


def group(draft: Draft, found: Sequence[Given]) -> list[SystemicLine]:
    """Systemic administrations without a line of their own, put together by intent and time."""
    lines: list[SystemicLine] = []
    dated: dict[str, list[tuple[date, str, Given]]] = {}
    undated: dict[str, list[Given]] = {}
    for one in found:
        if one.start is None:
            undated.setdefault(one.intent, []).append(one)
        else:
            dated.setdefault(one.intent, []).append((one.start, one.document, one))
    for intent in dict.fromkeys([one.intent for one in found]):
        for members in _clusters(sorted(dated.get(intent, ()))):
            lines.append(_line(draft, members, intent))
        if intent in undated:
            lines.append(_line(draft, undated[intent], intent))
    return lines


def _clusters(dated: Sequence[tuple[date, str, Given]]) -> list[list[Given]]:
    """Runs of administrations, in order of time, with no longer gap between them."""
    gap = code_table().grouping.longest_gap_days
    clusters: list[list[Given]] = []
    members: list[Given] = []
    last = -gap
    for start, _, one in dated:
        day = start.toordinal()
        if day - last > gap:
            members = []
            clusters.append(members)
        members.append(one)
        end = day if one.end is None or one.end is start else one.end.toordinal()
        last = max(end, last)
    return clusters


def _line(draft: Draft, members: list[Given], intent: str) -> SystemicLine:
    ongoing = True in [one.ongoing for one in members]
    starts = [one.start for one in members if one.start is not None]
    ends = [one.end for one in members if one.end is not None]
    setting: Any = _SETTINGS.get(intent)
    draft.where = members[0].document
    if _drugs_changed(members):
        setting = None
        draft.note("systemic therapy", "drugs changed without a gap: how many lines these were is not known, so the setting is left open")
    return SystemicLine(
        drugs=_summed(members),
        started_on=min(starts) if starts else None,
        ended_on=None if ongoing or not ends else max(ends),
        ongoing=True if ongoing else None,
        setting=setting,
        document=members[0].document,
    )


def _drugs_changed(members: Sequence[Given]) -> bool:
    """Whether one drug began after another had ended: maintenance, a switch, or a new line."""
    if len({one.dose.drug for one in members}) == 1:
        return False
    spans: dict[str, tuple[date, date]] = {}
    for one in members:
        if one.start is None:
            return True
        end = one.end or one.start
        low, high = spans.get(one.dose.drug, (one.start, end))
        spans[one.dose.drug] = (min(low, one.start), max(high, end))
    return any(low > high for low, _ in spans.values() for _, high in spans.values())


def _summed(members: Sequence[Given]) -> tuple[Dose, ...]:
    """Equal doses counted as cycles, so that sums stay exact."""
    counts: dict[tuple[Any, float | None, float | None], int] = {}
    for one in members:
        dose = one.dose
        key = (dose.drug, dose.mg_per_m2, dose.mg)
        counts[key] = counts.get(key, 0) + (dose.cycles or 1)
    return tuple(Dose(drug=drug, mg_per_m2=mg_per_m2, mg=mg, cycles=number) for (drug, mg_per_m2, mg), number in counts.items())


def write_line(line: SystemicLine, out: Written) -> None:
    """A line as a Procedure with its drugs as parts."""
    status = {True: "in-progress", None: "unknown"}.get(line.ongoing, "completed" if line.stopped_for in (None, "completed") else "stopped")
    resource: dict[str, Any] = {"status": status, "code": coded("systemic-line")}
    period = {name: day.isoformat() for name, day in (("start", line.started_on), ("end", line.ended_on)) if day is not None}
    if period:
        resource["performedPeriod"] = period
    if line.stopped_for is not None:
        resource["statusReason"] = concept(f"stopped-{line.stopped_for}")
    if line.best_response is not None:
        resource["outcome"] = coded(f"response-{line.best_response}")
    if line.setting is not None:
        resource["extension"] = [{"url": f"{PSM}:line-setting", "valueCodeableConcept": coded(f"setting-{line.setting}")}]
    reference = out.add("Procedure", resource, name="systemic-line")
    for dose in line.drugs:
        write_dose(dose, line.started_on, reference, "systemic-route", out)
