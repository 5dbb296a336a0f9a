"""Makes the leaflet's content from the assessment and the plain sentences of the library.

Numbers are chosen narrowly: a share of people (never of events or procedures), from a study that could have held this patient, with a
definition that plain words can say, never of one arm or subgroup. What cannot be said plainly and truly is left to the dossier.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from peritia.knowledge.outcome import Outcome
from peritia.knowledge.study import Study
from peritia.options.assessment import Assessment, OptionResult
from peritia.report.bibliography import Bibliography
from peritia.report.content import Cited, Verdict
from peritia.report.leaflet_content import ClosedOption, Leaflet, OfHundred, PlainOption
from peritia.report.people import people
from peritia.report.wording import Words, words

if TYPE_CHECKING:
    from peritia.knowledge import Library

_ASKED, _NUMBERS = 5, 2
_NOT_HERE = frozenset({"life_expectancy_months"})
"""What a person should hear from a person, and only if they wish to."""
_SERIOUS = ("major event", "serious", "grade 3", "severe")


def compose_leaflet(assessment: Assessment, library: Library, lang: str) -> Leaflet:
    """The whole leaflet. Sources are numbered apart from the dossier's."""
    w = words(lang)
    bibliography = Bibliography(library.sources, w)
    open_now = [option for option in assessment.options if option.verdict != "closed"]
    shut = [option for option in assessment.options if option.verdict == "closed"]
    told = tuple(_option(option, assessment, library, bibliography, w) for option in open_now)
    evidence = assessment.provenance
    return Leaflet(
        language=lang,
        on=assessment.on,
        title=w("leaflet.title"),
        options=told,
        closed=tuple(_closed(option, w) for option in shut),
        unknown=_unknown(assessment, w),
        warning=_warning(open_now, library, bibliography, w),
        questions=_numbered(w, "leaflet.question"),
        insurance=_insurance(assessment, open_now, w),
        sources=bibliography.entries(),
        footer=w("leaflet.footer"),
        evidence_line=w(
            "leaflet.evidence_line", day=w.day(evidence.on), version=evidence.knowledge_version, knowledge=evidence.knowledge_hash[:12]
        ),
        language_note=w("leaflet.language_note"),
    )


def _option(option: OptionResult, assessment: Assessment, library: Library, bibliography: Bibliography, w: Words) -> PlainOption:
    treatment = library.treatments.get(option.id)
    name = w.get(f"plain.option.{option.id}", option.name)
    return PlainOption(
        name=name,
        called=w("leaflet.called", name=option.name) if option.name not in name else "",
        verdict=Verdict(key=option.verdict, word=w(f"plain.verdict.{option.verdict}")),
        means=w(f"plain.means.{option.verdict}"),
        what=treatment.what_it_is.patient if treatment else "",
        good=tuple(claim.patient for claim in treatment.benefits if claim.patient) if treatment else (),
        hard=tuple(claim.patient for claim in treatment.burdens if claim.patient) if treatment else (),
        ask=treatment.questions if treatment else (),
        numbers=_numbers(option, assessment, library, bibliography, w),
    )


def _warning(open_now: list[OptionResult], library: Library, bibliography: Bibliography, w: Words) -> tuple[Cited, ...]:
    """When to call at once after PIPAC, as its knowledge file says; nothing where PIPAC is closed."""
    pipac = library.treatments.get("pipac") if any(option.id == "pipac" for option in open_now) else None
    signs = pipac.call_at_once if pipac else ()
    return tuple(Cited(text=w(f"leaflet.warning.{sign.sign}"), cites=bibliography.cite(sign.citations)) for sign in signs)


def _unknown(assessment: Assessment, w: Words) -> tuple[str, ...]:
    asked = [ask for ask in assessment.ask_next if ask.fact not in _NOT_HERE][:_ASKED]
    return tuple(w.get(f"plain.fact.{ask.fact}", w("leaflet.test", name=ask.description)) for ask in asked)


def _closed(option: OptionResult, w: Words) -> ClosedOption:
    why = w(f"plain.closed.{option.closed_because or 'excluded'}")
    change = w("plain.closed.may_change") if option.recoverable and option.closed_because != "patient-choice" else ""
    return ClosedOption(name=w.get(f"plain.option.{option.id}", option.name), why=f"{why} {change}".strip())


def _numbers(option: OptionResult, assessment: Assessment, library: Library, bibliography: Bibliography, w: Words) -> tuple[OfHundred, ...]:
    """At most one good and one hard number: of the largest study whose source was read."""
    fitting = {match.id for match in assessment.studies if option.id in match.treatments and match.answer in ("yes", "as-coded")}
    found = [(study, figure, key) for study in _ranked(fitting, library) for figure in study.outcomes if (key := _plain(figure, study))]
    good = next(((study, figure, key) for study, figure, key in found if key != "serious"), None)
    hard = next(((study, figure, key) for study, figure, key in found if key == "serious"), None)
    chosen = [entry for entry in (good, hard) if entry is not None]
    return tuple(
        _of_hundred(*entry, name=f"{option.id}-{index}", bibliography=bibliography, w=w) for index, entry in enumerate(chosen[:_NUMBERS])
    )


def _ranked(identifiers: set[str], library: Library) -> list[Study]:
    studies = [study for identifier, study in library.studies.items() if identifier in identifiers and _was_read(study, library)]
    return sorted(studies, key=lambda study: (-(study.n or 0), study.id))


def _was_read(study: Study, library: Library) -> bool:
    sources = [library.sources.get(citation.source) for citation in study.citations]
    return study.status != "recalled" and all(source is not None and source.verified for source in sources)


def _plain(figure: Outcome, study: Study) -> str:
    """Which plain sentence this figure fits; nothing when none does."""
    of_all = not figure.arm and not figure.subgroup and "not of patients" not in figure.note
    if figure.unit != "%" or figure.value is None or figure.status == "recalled" or not of_all:
        return ""
    if figure.kind == "response":
        return _RESPONSES.get(figure.definition or "", "")
    if figure.kind == "conversion":
        return "surgery"
    of_patients = figure.n is not None and figure.n in {study.n, *(arm.n for arm in study.arms)}
    harmful = figure.kind in ("toxicity", "complication") and any(word in figure.name.lower() for word in _SERIOUS)
    return "serious" if harmful and of_patients else ""


_RESPONSES = {
    "prgs-mean-le-2": "samples",
    "prgs-drop-ge-1": "samples",
    "prgs-mean-le-2-or-drop-ge-1": "samples",
    "histological-regression": "samples",
    "major-regression": "samples",
    "clinical-benefit": "held",
    "disease-control-recist": "held",
    "tempfer-otr-incl-stable": "held",
    "radiological-recist": "scan",
}


def _of_hundred(study: Study, figure: Outcome, key: str, *, name: str, bibliography: Bibliography, w: Words) -> OfHundred:
    assert figure.value is not None
    count = round(figure.value)
    sentence = w(f"plain.number.{key}", count=count)
    if figure.low is not None and figure.high is not None:
        sentence += " " + w("plain.number.between", low=round(figure.low), high=round(figure.high))
    cites = bibliography.cite(study.cited(figure))
    size = figure.n or study.n
    about = w("plain.number.about", n=size) if size else w("plain.number.about_unknown")
    drawn = people(count, name=f"people-{name}", title=w("plain.number.title", count=count), description=sentence)
    return OfHundred(picture=drawn, sentence=sentence, about=f"{about} [{', '.join(str(cite.number) for cite in cites)}]")


def _numbered(w: Words, key: str) -> tuple[str, ...]:
    """Sentences ``key.1``, ``key.2`` and on."""
    found: list[str] = []
    while entry := w.get(f"{key}.{len(found) + 1}", ""):
        found.append(entry)
    return tuple(found)


def _insurance(assessment: Assessment, open_now: list[OptionResult], w: Words) -> tuple[str, ...]:
    """Our own questions, then a few that insurers' texts raise for an option that is open; none that names one insurer's bulletin."""
    wanted = {option.id for option in open_now}
    theirs = [question for match in assessment.policies if match.treatment in wanted for question in match.ask]
    general = [question for question in dict.fromkeys(theirs) if not any(character.isdigit() for character in question)]
    return (*_numbered(w, "leaflet.insurance"), *general[:_ASKED])
