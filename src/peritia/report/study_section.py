"""Published studies of an option: would this patient have been in them, and what they found, each figure on its own clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from peritia.knowledge.outcome import Comparison as Compared
from peritia.knowledge.outcome import Outcome as Figure
from peritia.knowledge.study import Study as Known
from peritia.options.assessment import StudyMatch
from peritia.report.content import Cited, Outcome, OutcomeGroup, Study
from peritia.report.outcomes import Scale, scale_for
from peritia.report.reasons import Teller
from peritia.report.wording import Words

KINDS = (
    "overall-survival", "progression-free-survival", "disease-free-survival", "disease-specific-survival", "peritoneal-control", "response",
    "conversion", "resection", "recurrence", "quality-of-life", "toxicity", "complication", "mortality", "access",
)  # fmt: skip
"""The kinds of figure a board reads. Doses, exposures and laboratory values belong to the plan of a session."""

_UNITS = ("mo", "wk", "d", "%", "ratio", "score")
Row = tuple[Known, StudyMatch, Figure]


def studies(matches: Iterable[StudyMatch], library: Mapping[str, Known], teller: Teller) -> tuple[Study, ...]:
    """The table of studies, those that fit first."""
    order = {"yes": 0, "as-coded": 1, "depends": 2, "not-coded": 3}
    ranked = sorted((match for match in matches if match.answer in order), key=lambda match: order[match.answer])
    return tuple(_study(match, library.get(match.id), teller) for match in ranked)


def studies_apart(matches: Iterable[StudyMatch], library: Mapping[str, Known], teller: Teller) -> tuple[Cited, ...]:
    """Studies that would not have held this patient, in a line each."""
    return tuple(_apart(match, library.get(match.id), teller) for match in matches if match.answer == "no")


def outcome_groups(matches: Iterable[StudyMatch], library: Mapping[str, Known], teller: Teller) -> tuple[OutcomeGroup, ...]:
    """Figures of the studies that could have held this patient, one group for each kind, clock, unit and definition."""
    fitting = [(library[match.id], match) for match in matches if match.answer != "no" and match.id in library]
    rows: dict[tuple[str, str, str, str], list[Row]] = {}
    for study, match in fitting:
        for figure in study.outcomes:
            if figure.kind in KINDS and figure.unit in _UNITS:
                key = (figure.kind, figure.clock or "", figure.unit, (figure.definition or "") if figure.kind == "response" else "")
                rows.setdefault(key, []).append((study, match, figure))
    ordered = sorted(rows.items(), key=lambda item: (KINDS.index(item[0][0]), item[0][1:]))
    groups = [_group(key, members, teller) for key, members in ordered]
    ratios = [(study, match, compared) for study, match in fitting for compared in study.comparisons if _is_ratio(compared)]
    return (*groups, *([_ratio_group(ratios, teller)] if ratios else []))


def _apart(match: StudyMatch, study: Known | None, teller: Teller) -> Cited:
    against = "; ".join(teller.against(reason) for reason in match.reasons if reason.effect == "against")
    text = teller.words("study.apart", name=match.name, reasons=against) if against else match.name
    return Cited(text=text, cites=teller.bibliography.cite(study.citations) if study else ())


def _study(match: StudyMatch, study: Known | None, teller: Teller) -> Study:
    w = teller.words
    why = w("study.depends", facts=teller.some(match.depends_on)) if match.answer == "depends" else ""
    about = [w.get(f"design.{study.design}", study.design), w("people", n=study.n) if study.n else "", study.period] if study else []
    if match.answer == "as-coded":
        why = w("study.as_coded", items=" ".join(match.not_coded))
    elif match.answer == "not-coded":
        why = " ".join(match.not_coded or (study.not_coded if study else ()))
    return Study(
        name=match.name,
        answer=match.answer,
        word=w(f"match.{match.answer}"),
        about=", ".join(part for part in about if part),
        why=why,
        bias=" ".join(study.bias) if study else "",
        cites=teller.bibliography.cite(study.citations) if study else (),
    )


def _group(key: tuple[str, str, str, str], rows: list[Row], teller: Teller) -> OutcomeGroup:
    kind, clock, unit, definition = key
    w = teller.words
    numbers = [number for _, _, figure in rows for number in (figure.value, figure.low, figure.high) if number is not None]
    scale = scale_for(numbers, unit=unit)
    told = w.get(f"definition.{definition}", "") if definition else ""
    parts = (w(f"kind.{kind}"), w(f"clock.{clock}") if clock else "", told, w(f"scale.{unit}"))
    return OutcomeGroup(
        title=", ".join(part for part in parts if part),
        note="",
        axis=scale.axis(w("decimal")),
        outcomes=tuple(_outcome(study, match, figure, scale, teller) for study, match, figure in rows),
    )


def _outcome(study: Known, match: StudyMatch, figure: Figure, scale: Scale, teller: Teller) -> Outcome:
    w = teller.words
    names = {arm.id: arm.name for arm in study.arms}
    people = figure.n or next((arm.n for arm in study.arms if arm.id == figure.arm), None) or (study.n if not figure.arm else None)
    # A standard deviation is not a pair of limits on the scale of the value.
    low, high = (None, None) if figure.interval == "SD" else (figure.low, figure.high)
    return Outcome(
        study=study.name,
        arm=", ".join(part for part in (names.get(figure.arm, ""), figure.subgroup) if part),
        people=w("n", n=people) if people else "",
        plot=scale.plot(figure.value, low, high, match.answer),
        shown=_shown(figure.value, figure.low, figure.high, figure.unit, figure.interval, teller),
        detail=". ".join(part.rstrip(".") for part in (_told_name(figure, w), figure.at, figure.note) if part),
        cites=teller.bibliography.cite(study.cited(figure)),
    )


def _told_name(figure: Figure, w: Words) -> str:
    """The figure's own name, unless the group's title says the same."""
    return "" if figure.name.lower() in (w(f"kind.{figure.kind}").lower(), figure.kind.replace("-", " ")) else figure.name


def _shown(value: float | None, low: float | None, high: float | None, unit: str, interval: str, teller: Teller) -> str:
    w = teller.words
    figure = w("not_reached") if value is None else w.number(value) + {"%": "\N{NO-BREAK SPACE}%"}.get(unit, "")
    if low is None and high is None:
        return figure
    ends = "–".join(w.number(end) if end is not None else w("not_reached") for end in (low, high))
    return f"{figure} ({ends}; {interval})" if interval not in ("95% CI", "") else f"{figure} ({ends})"


def _is_ratio(compared: Compared) -> bool:
    return compared.value is not None and compared.measure in ("hazard-ratio", "risk-ratio", "odds-ratio", "ratio")


def _ratio_group(rows: list[tuple[Known, StudyMatch, Compared]], teller: Teller) -> OutcomeGroup:
    w = teller.words
    numbers = [number for _, _, found in rows for number in (found.value, found.low, found.high) if number]
    scale = scale_for(numbers, unit="ratio", ratio=True)
    return OutcomeGroup(
        title=w("kind.comparisons"),
        note=w("kind.comparisons_note"),
        axis=scale.axis(w("decimal")),
        outcomes=tuple(_ratio(study, match, found, scale, teller) for study, match, found in rows),
    )


def _ratio(study: Known, match: StudyMatch, found: Compared, scale: Scale, teller: Teller) -> Outcome:
    w = teller.words
    names = {arm.id: arm.name for arm in study.arms}
    return Outcome(
        study=study.name,
        arm=w("against").join(names.get(arm, arm) for arm in found.arms),
        people=w("n", n=found.n or study.n) if found.n or study.n else "",
        plot=scale.plot(found.value, found.low, found.high, match.answer),
        shown=_shown(found.value, found.low, found.high, "ratio", found.interval, teller),
        detail=f"{w.get('measure.' + found.measure, found.measure)}: {found.name}. {found.meaning}",
        cites=teller.bibliography.cite(study.cited(found)),
    )
