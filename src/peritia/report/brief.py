"""The second page: every option in a few lines, as a board speaks of it; and what on file contradicts itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from peritia.options.assessment import ArmResult, Assessment, OptionResult, Reason
from peritia.report.content import Brief, BriefArm, BriefLine, BriefTrial, Cited, Settle
from peritia.report.reasons import LEANING, Teller

_MOST, _LONGEST = 5, 240
"""Lines of a kind, letters of what is missing; the rest is counted, and stands with the option in full."""


def briefs(assessment: Assessment, teller: Teller) -> tuple[Brief, ...]:
    """Options in the assessment's order. One that cannot apply is left to the first page."""
    return tuple(_brief(option, teller) for option in assessment.options if option.closed_because != "not-applicable")


def _brief(option: OptionResult, teller: Teller) -> Brief:
    w = teller.words
    closed = option.verdict == "closed"
    deciding = [reason for reason in option.reasons if reason.effect == ("against" if closed else "flag")]
    standing = [arm for arm in option.arms if arm.verdict != "closed"]
    return Brief(
        id=option.id,
        name=option.name,
        verdict=teller.verdict(option.verdict),
        intent=w.get(f"intent.{option.intent}", option.intent),
        standing=w("recoverable.option") if closed and option.recoverable else "",
        evidence=Cited(text=option.evidence, cites=teller.bibliography.cite(option.evidence_sources)),
        lines=_lines(deciding, teller) or _by_arms(option),
        arms=tuple(_arm(arm, teller) for arm in standing),
        arms_closed=_arms_closed(option.arms, teller) if standing else "",
        missing="" if closed else _missing(option, teller),
    )


def _lines(reasons: Sequence[Reason], teller: Teller) -> tuple[BriefLine, ...]:
    told = [_line(reason, teller) for reason in reasons[:_MOST]]
    if len(reasons) > _MOST:
        more = teller.words("brief.more", n=len(reasons) - _MOST)
        told.append(BriefLine(effect=reasons[0].effect, key=LEANING[reasons[0].effect], text=more, cites=()))
    return tuple(told)


def _line(reason: Reason, teller: Teller) -> BriefLine:
    return BriefLine(
        effect=reason.effect,
        key=LEANING[reason.effect],
        text=_clause(reason, teller),
        cites=teller.bibliography.cite(reason.sources, verified=reason.verified),
    )


def _clause(reason: Reason, teller: Teller) -> str:
    """What a reason says here. A requirement that fails says so, where its author gave no sentence for it."""
    told = reason.role in ("applies", "requires") and reason.effect == "against" and not reason.otherwise
    return teller.against(reason) if told else teller.sentence(reason)


def _arm(arm: ArmResult, teller: Teller) -> BriefArm:
    flags = [teller.sentence(reason) for reason in arm.reasons if reason.effect == "flag"]
    asked = [reason for reason in arm.reasons if reason.effect == "open-question"]
    facts = dict.fromkeys(fact.name for reason in asked for fact in reason.facts if fact.value is None)
    told = [*flags, *([teller.words("brief.asks", facts=teller.some(tuple(facts)))] if facts else [])]
    return BriefArm(name=arm.name, verdict=teller.verdict(arm.verdict), told="; ".join(told))


def _arms_closed(arms: Iterable[ArmResult], teller: Teller) -> str:
    """Arms that something found in this case closes; those for another disease stand with the option in full."""
    told: list[str] = []
    for arm in arms:
        against = [reason for reason in arm.reasons if reason.effect == "against"]
        if arm.verdict == "closed" and against and all(reason.role != "applies" for reason in against):
            told.append(f"{arm.name} ({'; '.join(_clause(reason, teller) for reason in against)})")
    return teller.words("brief.closed_arms", arms="; ".join(told)) if told else ""


def _by_arms(option: OptionResult) -> tuple[BriefLine, ...]:
    """Where no reason of its own closes an option, its arms do, and its one line says so."""
    if option.verdict != "closed":
        return ()
    return (BriefLine(effect="against", key=LEANING["against"], text=option.summary, cites=()),)


def _missing(option: OptionResult, teller: Teller) -> str:
    """What could open it; only counted where it would fill the page."""
    told = next(iter(teller.missing(option.missing)), "")
    return told if len(told) <= _LONGEST else option.summary + "."


def brief_trials(assessment: Assessment, teller: Teller) -> tuple[BriefTrial, ...]:
    """Trials that may take the patient, by name; those open first."""
    order = ("open", "possible")
    found = sorted((match for match in assessment.trials if match.answer in order), key=lambda match: order.index(match.answer))
    return tuple(
        BriefTrial(
            key="open" if match.answer == "open" else "depends",
            name=match.name,
            identifier=match.identifier,
            status=teller.words.get(f"trial.status.{match.status}", teller.words.category(match.status)),
        )
        for match in found
    )


def settle(assessment: Assessment, teller: Teller) -> tuple[Settle, ...]:
    """What contradicts itself, with the facts that it concerns."""
    return tuple(
        Settle(
            text=Cited(text=found.text.rstrip(".") + ".", cites=teller.bibliography.cite(found.sources)),
            facts=tuple(map(teller.fact, found.facts[:_MOST])),
        )
        for found in assessment.contradictions
    )
