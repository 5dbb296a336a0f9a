"""Which studies, trials and policies speak to this patient: the same criteria, the same three values."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from peritia.knowledge import Criterion, Policy, Study, Trial
from peritia.options.assessment import PolicyMatch, Reason, StudyMatch, TrialMatch, Truth
from peritia.options.reasons import Judge
from peritia.options.treatments import not_alive


def match_study(study: Study, judge: Judge) -> StudyMatch:
    """Would this patient have been in it, as far as its population is coded?"""
    reasons = tuple(judge.reason(criterion, "excludes" if criterion.exclude else "requires") for criterion in study.population)
    truth = _all_for(reasons)
    yes = "as-coded" if study.not_coded else "yes"
    answer = "not-coded" if not reasons else yes if truth else "depends" if truth is None else "no"
    return StudyMatch(
        id=study.id,
        name=study.name,
        treatments=tuple(study.treatments),
        answer=answer,
        reasons=reasons,
        depends_on=_depends_on(study.population, judge) if answer == "depends" else (),
        not_coded=study.not_coded,
    )


def match_trial(trial: Trial, judge: Judge, on: date) -> TrialMatch:
    """Open only if it recruits, every criterion is coded, and all hold; possible while anything is unknown or to be read by hand."""
    reasons = not_alive(judge) + tuple(
        judge.reason(criterion, "excludes" if criterion.exclude else "requires") for criterion in trial.criteria
    )
    truth = _all_for(reasons)
    if truth is False or trial.status in judge.library.conventions.trial_statuses_closed:
        answer = "closed"
    elif truth and trial.criteria and not trial.by_hand and trial.status in judge.library.conventions.trial_statuses_open:
        answer = "open"
    else:
        answer = "possible"
    age_days = (on - trial.status_checked).days if trial.status_checked else None
    return TrialMatch(
        id=trial.id,
        name=trial.name,
        identifier=trial.identifier,
        treatments=tuple(trial.treatments),
        answer=answer,
        status=trial.status,
        status_checked=trial.status_checked,
        recheck=age_days is None or age_days > judge.library.conventions.trial_recheck_after_days,
        reasons=reasons,
        depends_on=_depends_on(trial.criteria, judge) if answer == "possible" else (),
        by_hand=tuple(trial.by_hand),
    )


def match_policy(policy: Policy, treatment: str, judge: Judge) -> PolicyMatch:
    """What the insurer's text says for this case: a stated exclusion counts before a stated cover."""
    covers = tuple(judge.reason(criterion, "requires") for criterion in policy.covers)
    refuses = tuple(judge.reason(criterion, "excludes") for criterion in policy.not_covers)
    covered, refused = _any_true(covers), _any_true(refuses)
    if refused:
        answer = "does-not-cover"
    elif covered and refused is False:
        answer = "covers"
    elif covered is None or refused is None:
        answer = "depends"
    else:
        answer = "silent"
    return PolicyMatch(
        id=policy.id, insurer=policy.insurer, treatment=treatment, answer=answer, reasons=covers + refuses, ask=tuple(policy.ask)
    )


def _all_for(reasons: Iterable[Reason]) -> Truth:
    effects = {reason.effect for reason in reasons}
    if "against" in effects:
        return False
    return None if "open-question" in effects else True


def _any_true(reasons: Iterable[Reason]) -> Truth:
    truths = {reason.truth for reason in reasons}
    if True in truths:
        return True
    return None if None in truths else False


def _depends_on(criteria: Iterable[Criterion], judge: Judge) -> tuple[str, ...]:
    return judge.unknown(criterion.formula for criterion in criteria if judge.truth(criterion.formula) is None)
