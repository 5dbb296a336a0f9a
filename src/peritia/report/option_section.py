"""One option in full: its reasons, its arms, what is missing, what it gives and costs, and the studies behind it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from peritia.knowledge.claim import Claim
from peritia.options.assessment import ArmResult, Assessment, OptionResult
from peritia.report.content import Arm, Cited, Option
from peritia.report.reasons import Teller
from peritia.report.study_section import outcome_groups, studies, studies_apart

if TYPE_CHECKING:
    from peritia.knowledge import Library


def option_section(option: OptionResult, assessment: Assessment, library: Library, teller: Teller, printed: set[str]) -> Option:
    """Everything the dossier says of one option. ``printed`` are the studies whose figures stand above; this option's are added."""
    w, treatment = teller.words, library.treatments.get(option.id)
    applies = option.closed_because != "not-applicable"
    matches = [match for match in assessment.studies if applies and option.id in match.treatments]
    fresh = [match for match in matches if match.id not in printed]
    above = [match.name for match in matches if match.id in printed and match.answer != "no"]
    printed.update(match.id for match in matches)
    arms = option.arms if applies else ()
    judged = [arm for arm in arms if not _does_not_apply(arm)]
    described = treatment.what_it_is if treatment else None
    return Option(
        id=option.id,
        name=option.name,
        verdict=teller.verdict(option.verdict),
        why=option.summary,
        standing=_standing(option, teller),
        intent=w.get(f"intent.{option.intent}", option.intent),
        what_it_is=Cited(text=described.clinician, cites=teller.bibliography.cite(described.citations)) if described else None,
        evidence=_evidence(option.evidence_grade, option.evidence, option.evidence_sources, teller),
        groups=teller.groups(reason for reason in option.reasons if applies or reason.effect == "against"),
        missing=teller.missing(option.missing) if applies else (),
        arms=tuple(_arm(arm, library, teller) for arm in judged),
        arms_apart=tuple(_arm_apart(arm, teller) for arm in arms if arm not in judged),
        benefits=claims(treatment.benefits if treatment else (), teller),
        burdens=claims(treatment.burdens if treatment else (), teller),
        follow_up=claims(treatment.follow_up if treatment else (), teller),
        banner=w.get(f"banner.{option.evidence_grade}", "") if matches else "",
        studies=studies(matches, library.studies, teller),
        studies_apart=studies_apart(matches, library.studies, teller),
        outcomes=outcome_groups(fresh, library.studies, teller),
        outcomes_elsewhere=w("study.elsewhere", studies=", ".join(above)) if above else "",
    )


def claims(found: Iterable[Claim], teller: Teller) -> tuple[Cited, ...]:
    """Cited sentences of a knowledge file."""
    return tuple(Cited(text=claim.text, cites=teller.bibliography.cite(claim.citations)) for claim in found)


def _standing(option: OptionResult, teller: Teller) -> str:
    """Why a closed option is closed, and whether that can change."""
    if option.closed_because is None:
        return ""
    w = teller.words
    recovers = w("recoverable.option") if option.recoverable else ""
    return " ".join(part for part in (w(f"closed.{option.closed_because}"), recovers) if part)


def _evidence(grade: str, sentence: str, sources: tuple[str, ...], teller: Teller) -> Cited:
    word = teller.words.get(f"grade.{grade}", teller.words("grade.none"))
    lead = f"{grade}: {word}" if grade in ("A", "B", "C", "D") else word
    return Cited(text=f"{lead}. {sentence}".strip(), cites=teller.bibliography.cite(sources))


def _does_not_apply(arm: ArmResult) -> bool:
    return arm.verdict == "closed" and any(reason.role == "applies" and reason.effect == "against" for reason in arm.reasons)


def _arm_apart(arm: ArmResult, teller: Teller) -> Cited:
    """An arm for somebody else, in a line."""
    against = [reason for reason in arm.reasons if reason.effect == "against"]
    told = "; ".join(teller.against(reason) for reason in against)
    sources = dict.fromkeys(source for reason in against for source in reason.sources)
    return Cited(text=teller.words("arm.apart", name=arm.name, reasons=told), cites=teller.bibliography.cite(sources))


def _arm(arm: ArmResult, library: Library, teller: Teller) -> Arm:
    regimen = library.regimens.get(arm.regimen) if arm.regimen else None
    return Arm(
        name=arm.name,
        verdict=teller.verdict(arm.verdict),
        standing=teller.words("arm.by_itself", word=teller.words(f"verdict_within.{arm.by_itself}"))
        if arm.by_itself != arm.verdict
        else "",
        regimen=getattr(regimen, "name", "") or "",
        evidence=_evidence(arm.evidence_grade, arm.evidence, arm.evidence_sources, teller) if arm.evidence_grade or arm.evidence else None,
        groups=teller.groups(arm.reasons),
        missing=teller.missing(arm.missing),
    )
