"""What a surgeon with two minutes reads: who, the verdicts, what is not known, what to ask next."""

from __future__ import annotations

from peritia.case.case import Case
from peritia.options.assessment import Ask, Assessment, FactUsed, OptionResult
from peritia.options.assessment import Recurrence as Judged
from peritia.report.content import AskLine, FactLine, Recurrence, VerdictRow
from peritia.report.reasons import Teller
from peritia.report.wording import Words

_ASKED, _UNKNOWN = 6, 12
_KEY = (
    "pci_surgical",
    "pci_imaging",
    "ecog",
    "extraperitoneal_disease",
    "cc0_expected",
    "systemic_lines_palliative",
    "last_line_best_response",
    "pipac_sessions",
    "months_since_crs_hipec",
    "creatinine_clearance_ml_per_min",
    "albumin_g_per_l",
    "ascites_volume_ml",
)
_ALWAYS = frozenset({"pci_surgical", "ecog", "extraperitoneal_disease", "cc0_expected"})
_MOLECULAR = (
    "kras_status",
    "nras_status",
    "ras_wild_type",
    "braf_v600e",
    "mmr_deficient",
    "her2_positive",
    "brca_pathogenic",
    "claudin_18_2_positive",
)
_BEST = {"open": 0, "open-with-flags": 1, "depends": 2, "closed": 3}


def title(found: dict[str, FactUsed], w: Words) -> str:
    """Who, in two or three words."""
    sex, age = _value(found, "sex"), _value(found, "age_years")
    person = w(f"person.{sex}") if isinstance(sex, str) else w("person.unknown")
    return f"{person}, {w.number(age)}" if isinstance(age, int | float) else person


def subtitle(case: Case, w: Words) -> str:
    """Which cancer."""
    primary = case.primary
    side = f" ({w.category(primary.side)})" if primary.side else ""
    histology = case.histology
    kind = w.category(histology.type) if histology and histology.type else ""
    grade = histology.grade if histology and histology.grade else ""
    cancer = w.get(f"cancer.{primary.site}", w("cancer_of", site=w.category(primary.site))) if primary.site else w("cancer_unknown")
    return " · ".join(part for part in (cancer + side, " ".join(filter(None, (kind, grade)))) if part)


def key_facts(found: dict[str, FactUsed], teller: Teller) -> tuple[FactLine, ...]:
    """The few facts that every board asks for; four of them even when unknown."""
    w = teller.words
    lines = [
        teller.fact(found[name], label=w.get(f"short.{name}", found[name].description))
        for name in _KEY
        if name in found and (found[name].value is not None or name in _ALWAYS)
    ]
    if any(line.name == "pci_surgical" and line.state != "unknown" for line in lines):
        lines = [line for line in lines if line.name != "pci_imaging"]
    tested = [_marker(found[name], w) for name in _MOLECULAR if name in found and found[name].value is not None]
    if tested:
        lines.append(FactLine(name="molecular", label=w("short.molecular"), value=", ".join(tested)))
    return tuple(lines[:12])


def verdict_rows(assessment: Assessment, teller: Teller) -> tuple[VerdictRow, ...]:
    """One row for every option, in the assessment's own order."""
    return tuple(_row(option, teller) for option in assessment.options)


def ask_next(assessment: Assessment, teller: Teller, *, limit: int | None = _ASKED) -> tuple[AskLine, ...]:
    """The missing items by how many options they decide."""
    names = {option.id: option.name for option in assessment.options}
    return tuple(_ask(ask, names, teller.words) for ask in assessment.ask_next[:limit])


def ask_more(assessment: Assessment, w: Words) -> str:
    """How many missing items the first page leaves out."""
    rest = len(assessment.ask_next) - _ASKED
    return w.plural("ask.more", rest) if rest > 0 else ""


def unknown(assessment: Assessment, teller: Teller) -> str:
    """The unknown facts that a reason looked for, as one sentence; the rest is counted."""
    w = teller.words
    asked = {ask.fact: rank for rank, ask in enumerate(assessment.ask_next)}
    sought = _wanted(assessment)
    wanted = [fact for fact in assessment.unknown if fact.name in sought and asked.get(fact.name, _ASKED) >= _ASKED]
    told = [teller.name(fact.name) for fact in sorted(wanted, key=lambda fact: asked.get(fact.name, len(asked)))]
    rest = len(told) - _UNKNOWN
    listed = "; ".join(told[:_UNKNOWN]) + (w("unknown.rest", n=rest) if rest > 0 else "")
    idle = len(assessment.unknown) - len(told) - min(_ASKED, len(asked))
    first = w("unknown.beside", facts=listed) if listed and asked else f"{listed}." if listed else ""
    return " ".join(part for part in (first, w.plural("unknown.idle", idle) if idle > 0 else "") if part) or w("unknown.none")


def assumed(assessment: Assessment, teller: Teller) -> str:
    """What was assumed, grouped by why."""
    w = teller.words
    groups: dict[str, list[str]] = {}
    willing = [fact for fact in assessment.assumed if fact.name.startswith("refuses_") and fact.value is False]
    for fact in assessment.assumed:
        if fact in willing:
            continue
        groups.setdefault(fact.reason, []).append(f"{teller.name(fact.name)}: {w.value(fact.value, fact.unit)}")
    kinds = w.listing(w.get(f"refusal.{fact.name}", fact.name.removeprefix("refuses_").replace("_", " ")) for fact in willing)
    told = [f"{'; '.join(facts)}" + (f" ({reason})" if reason else "") + "." for reason, facts in groups.items()]
    if kinds:
        told.append(w("assumed.no_refusal", kinds=kinds))
    return " ".join(told) or w("assumed.none")


def recurrence(judged: Judged, teller: Teller) -> Recurrence | None:
    """The recurrence box; nothing when no recurrence is recognised."""
    if judged.recognised is not True:
        return None
    w = teller.words
    parts = [w("recurrence.pattern", pattern=w.category(judged.pattern)) if judged.pattern else ""]
    if judged.disease_free_interval_months is not None:
        parts.append(w("recurrence.interval", months=w.number(judged.disease_free_interval_months)))
    if judged.index_cc is not None:
        parts.append(w("recurrence.cc", cc=judged.index_cc))
    if judged.index_pci is not None:
        parts.append(w("recurrence.pci", pci=judged.index_pci))
    said = "; ".join(part for part in parts if part)
    why = teller.groups(judged.why, titles="cause")
    return Recurrence(
        summary=f"{said[:1].upper()}{said[1:]}." if said else "", facts=tuple(map(teller.fact, judged.deciding_facts)), why=why
    )


def best_arm(option: OptionResult, w: Words) -> str:
    """The arm that carries the verdict; all of them where several do equally well."""
    if not option.arms or option.verdict == "closed":
        return ""
    best = min(_BEST[arm.verdict] for arm in option.arms)
    names = [arm.name for arm in option.arms if _BEST[arm.verdict] == best]
    shown = w.listing(names, "or") if len(names) <= 2 else w("arm.several", first=names[0], n=len(names) - 1)
    return w("arm.best", names=shown, word=w(f"verdict_within.{next(arm.verdict for arm in option.arms if _BEST[arm.verdict] == best)}"))


def _row(option: OptionResult, teller: Teller) -> VerdictRow:
    w = teller.words
    return VerdictRow(
        id=option.id,
        name=option.name,
        verdict=teller.verdict(option.verdict),
        why=option.summary,
        intent=w.get(f"intent.{option.intent}", option.intent),
        grade=option.evidence_grade if option.evidence_grade in ("A", "B", "C", "D") else "–",
        grade_word=w.get(f"grade.{option.evidence_grade}", w("grade.none")),
        best_arm=best_arm(option, w),
    )


def _ask(ask: Ask, names: dict[str, str], w: Words) -> AskLine:
    decides = w("ask.decides", options=w.listing(names.get(option, option) for option in ask.decides)) if ask.decides else ""
    helps = w("ask.contributes", options=w.listing(names.get(option, option) for option in ask.contributes)) if ask.contributes else ""
    return AskLine(text=ask.description, decides=". ".join(part for part in (decides, helps) if part), why_unknown=ask.why_unknown)


def _wanted(assessment: Assessment) -> set[str]:
    reasons = [reason for option in assessment.options for source in (option, *option.arms) for reason in source.reasons]
    return {fact.name for reason in reasons if reason.truth is None for fact in reason.facts if fact.value is None}


def _marker(fact: FactUsed, w: Words) -> str:
    name = w.get(f"short.{fact.name}", fact.description)
    if isinstance(fact.value, bool):
        return w.get(f"marker.{fact.name}.{'true' if fact.value else 'false'}", f"{name}: {w.value(fact.value)}")
    return f"{name} {w.value(fact.value)}"


def _value(found: dict[str, FactUsed], name: str) -> bool | int | float | str | None:
    return found[name].value if name in found else None
