"""Makes the dossier's content, in reading order, from a case, its facts, its assessment and the library."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from peritia.case.case import Case
from peritia.options.assessment import Assessment, FactUsed, Provenance
from peritia.report import first_page
from peritia.report.bibliography import Bibliography
from peritia.report.brief import brief_trials, briefs, settle
from peritia.report.content import Dossier, FactLine, Timeline
from peritia.report.events import Event, events
from peritia.report.option_section import option_section
from peritia.report.peritoneum_section import peritoneum_section
from peritia.report.reasons import Teller
from peritia.report.simulated_content import SimulatedSection
from peritia.report.timeline import timeline
from peritia.report.trial_section import beside, policies, trials, trials_apart
from peritia.report.wording import Words, words

if TYPE_CHECKING:
    from peritia.case import FactValue
    from peritia.knowledge import Library


def compose(
    case: Case,
    facts: Mapping[str, FactValue],
    assessment: Assessment,
    library: Library,
    lang: str,
    simulated: SimulatedSection | None = None,
) -> Dossier:
    """The whole content. Sources are numbered as the reader meets them, so the order of the calls here is the order on paper."""
    w = words(lang)
    bibliography = Bibliography(library.sources, w)
    teller = Teller(w, bibliography, assessment.facts)
    found = {fact.name: fact for fact in assessment.facts}
    happened = events(case, assessment.on, w)
    recurrence = first_page.recurrence(assessment.recurrence, teller)
    contradicted = settle(assessment, teller)
    brief, possible = briefs(assessment, teller), brief_trials(assessment, teller)
    printed: set[str] = set()
    options = tuple(option_section(option, assessment, library, teller, printed) for option in assessment.options)
    sides, heads = beside(library, teller)
    matched, apart = trials(assessment, library, teller), trials_apart(assessment, library, teller)
    covered = policies(assessment, library, teller)
    return Dossier(
        language=lang,
        on=assessment.on,
        title=first_page.title(found, w),
        subtitle=first_page.subtitle(case, w),
        story=case.story or "",
        question=case.question or "",
        key_facts=first_page.key_facts(found, teller),
        verdicts=first_page.verdict_rows(assessment, teller),
        settle=contradicted,
        ask_next=first_page.ask_next(assessment, teller),
        ask_more=first_page.ask_more(assessment, w),
        unknown=first_page.unknown(assessment, teller),
        assumed=first_page.assumed(assessment, teller),
        recurrence=recurrence,
        briefs=brief,
        brief_trials=possible,
        peritoneum=peritoneum_section(case, assessment.on, w),
        timeline=_timeline(happened, assessment, w),
        options=options,
        beside=sides,
        beside_heads=heads,
        trials=matched,
        trials_apart=apart,
        policies=covered,
        known_facts=_known_facts(found, facts, teller),
        unknown_facts=_unknown_facts(found, teller),
        not_understood=tuple((entry.where, entry.what, entry.why) for entry in case.not_understood),
        sources=bibliography.entries(),
        made=_made(case, assessment.provenance, bibliography, w),
        footer=w("footer"),
        evidence_line=_evidence_line(assessment.provenance, w),
        language_note=w("language_note"),
        simulated=simulated,
    )


def _timeline(happened: tuple[Event, ...], assessment: Assessment, w: Words) -> Timeline:
    told = tuple((w.day(event.on), event.sentence) for event in happened)
    return Timeline(picture=timeline(happened, assessment.on, w, name="timeline"), events=told)


def _known_facts(found: Mapping[str, FactUsed], facts: Mapping[str, FactValue], teller: Teller) -> tuple[FactLine, ...]:
    """Every fact that has a value; the documents that it came from are added to the small type."""
    known: list[FactLine] = []
    for name, used in found.items():
        if used.value is not None:
            line = teller.fact(used)
            documents = dict.fromkeys(origin.document for origin in facts[name].origins if origin.document) if name in facts else {}
            detail = " · ".join(part for part in (line.detail, ", ".join(documents)) if part)
            known.append(msgspec.structs.replace(line, detail=detail))
    return tuple(known)


def _unknown_facts(found: Mapping[str, FactUsed], teller: Teller) -> tuple[tuple[str, str], ...]:
    """Every fact without a value, gathered by why it is not known."""
    reasons: dict[str, list[str]] = {}
    for used in found.values():
        if used.value is None:
            reasons.setdefault(used.reason or teller.words("state.unknown"), []).append(teller.name(used.name))
    return tuple((reason[:1].upper() + reason[1:], "; ".join(names)) for reason, names in reasons.items())


def _made(case: Case, provenance: Provenance, bibliography: Bibliography, w: Words) -> tuple[tuple[str, str], ...]:
    checked = bibliography.checked()
    rows = (
        ("case", " · ".join(part for part in (case.title, case.id) if part)),
        ("on", w.day(provenance.on)),
        ("program", provenance.program),
        ("knowledge", f"{provenance.knowledge_version} · {provenance.knowledge_hash}"),
        ("facts", provenance.facts_hash),
        ("checked", " – ".join(w.day(date.fromisoformat(day)) for day in dict.fromkeys((checked[0], checked[-1]))) if checked else ""),
    )
    return tuple((w(f"made.{key}"), value) for key, value in rows if value)


def _evidence_line(provenance: Provenance, w: Words) -> str:
    knowledge, facts = provenance.knowledge_hash[:12], provenance.facts_hash[:12]
    return w("evidence_line", day=w.day(provenance.on), version=provenance.knowledge_version, knowledge=knowledge, facts=facts)
