"""``assess``: one case's facts against the whole library. Pure: same facts, same library, same day, same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from hashlib import sha256

import msgspec

from peritia import __version__
from peritia.case import Case
from peritia.case.facts import FactValue, facts
from peritia.knowledge import Library, library
from peritia.options.ask import ask_next
from peritia.options.assessment import Assessment, FactUsed, OptionResult, Provenance
from peritia.options.contradictions import contradictions
from peritia.options.evidence import match_policy, match_study, match_trial
from peritia.options.reasons import Judge
from peritia.options.recurrence import recognise_recurrence
from peritia.options.treatments import judge_treatment

_INTENTS = ("potentially-curative", "disease-control", "palliative", "supportive", "research")
_GRADES = ("A", "B", "C", "D", "none")


def assess(case: Case | Mapping[str, FactValue], on: date, library_: Library | None = None) -> Assessment:
    """Every option, study, trial and policy against one case on one day.

    ``case`` is a case, or its facts already derived (every declared fact must be there). Order of the options: by intent, then by grade
    of evidence, then as the library lists them; both are shown, nothing else ranks.
    """
    knowledge = library_ or library()
    given = facts(case, on) if isinstance(case, Case) else case
    judge = Judge(given, knowledge)
    options = tuple(sorted((judge_treatment(treatment, judge) for treatment in knowledge.treatments.values()), key=_order))
    return Assessment(
        on=on,
        options=options,
        ask_next=ask_next(options, judge),
        contradictions=contradictions(judge),
        unknown=_in_state(judge, "unknown"),
        assumed=_in_state(judge, "assumed"),
        studies=tuple(match_study(study, judge) for study in knowledge.studies.values()),
        trials=tuple(match_trial(trial, judge, on) for trial in knowledge.trials.values()),
        policies=tuple(match_policy(policy, treatment, judge) for policy in knowledge.policies.values() for treatment in policy.treatments),
        recurrence=recognise_recurrence(judge),
        facts=tuple(judge.used.values()),
        provenance=Provenance(
            program=f"peritia {__version__}",
            knowledge_version=knowledge.version,
            knowledge_hash=knowledge.hash,
            facts_hash=facts_hash(given),
            on=on,
        ),
    )


def facts_hash(given: Mapping[str, FactValue]) -> str:
    """SHA-256 over every fact's name, value, state, date and origins, in order of name."""
    return sha256(msgspec.json.encode(sorted(given.values(), key=lambda fact: fact.name))).hexdigest()


def _in_state(judge: Judge, state: str) -> tuple[FactUsed, ...]:
    return tuple(fact for fact in judge.used.values() if fact.state == state)


def _order(option: OptionResult) -> tuple[int, int]:
    return _INTENTS.index(option.intent), _GRADES.index(option.evidence_grade)
