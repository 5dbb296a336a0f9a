"""Puts cited questions to one case: a formula, its sentence and its sources become a check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from peritia.case.facts import DECLARATIONS, FactValue
from peritia.course.check import Answer, Check
from peritia.course.errors import CourseRefused
from peritia.criteria import Truth, Value
from peritia.knowledge import Criterion, Library, formula
from peritia.knowledge.session_check import DayCheck, Rule, Topic
from peritia.options import FactUsed
from peritia.options.reasons import Judge
from peritia.sources import Citation


class Asker:
    """Asks one case's facts. Lives as long as one plan."""

    def __init__(self, facts: Mapping[str, FactValue], library: Library) -> None:
        self.library = library
        self.judge = Judge(facts, library)

    @property
    def values(self) -> Mapping[str, Value | None]:
        """The bare values."""
        return self.judge.values

    def used(self, names: Iterable[str]) -> tuple[FactUsed, ...]:
        """The facts as a reader sees them."""
        return tuple(self.judge.used[name] for name in names)

    def day_check(self, check: DayCheck) -> Check:
        """A question of the day: true is go."""
        return self._made(
            check.formula.text, True, (check.because, check.otherwise), check.topic, check.hard, check.citations, check.note, name=check.id
        )

    def must_hold(self, rule: Rule, text: str, good: str, bad: str, citations: Iterable[Citation], note: str = "") -> Check:
        """A condition that has to be true."""
        return self._made(formula(text).text, True, (good, bad), rule.topic, rule.hard, citations, note or rule.note)

    def requirement(self, rule: Rule, criterion: Criterion) -> Check:
        """A criterion that has to be true."""
        sentences = (criterion.because, f"Not met: {criterion.because}")
        return self._made(criterion.formula.text, True, sentences, rule.topic, rule.hard, criterion.citations, criterion.note)

    def exclusion(self, rule: Rule, criterion: Criterion) -> Check:
        """A criterion that has to be false."""
        sentences = (f"Ruled out: {criterion.because}", criterion.because)
        return self._made(criterion.formula.text, False, sentences, rule.topic, rule.hard, criterion.citations, criterion.note or rule.note)

    def stated(
        self,
        rule: Rule,
        name: str,
        answer: Answer,
        reason: str,
        citations: Iterable[Citation] = (),
        facts: Iterable[str] = (),
        *,
        hard: bool | None = None,
    ) -> Check:
        """A check that the planner worked out itself."""
        cited = tuple(citations) or rule.citations
        return Check(
            id=f"{rule.rule}: {name}" if name else rule.rule,
            topic=rule.topic,
            answer=answer,
            hard=rule.hard if hard is None else hard,
            reason=reason,
            facts=self.used(facts),
            sources=_texts(cited),
            verified=self.library.standing(_Claim(cited)) != "recalled",
            note=rule.note,
            overridable=rule.overridable,
        )

    def _made(
        self,
        text: str,
        wanted: bool,
        sentences: tuple[str, str],
        topic: Topic,
        hard: bool,
        citations: Iterable[Citation],
        note: str,
        *,
        name: str = "",
    ) -> Check:
        asked = formula(text)
        truth = self.judge.truth(asked)
        cited = tuple(citations)
        return Check(
            id=name or f"{'holds' if wanted else 'ruled out'}: {asked.text}",
            topic=_topic(asked.facts, topic),
            answer=_answer(truth, wanted),
            hard=hard,
            reason=self._sentence(truth, wanted, sentences, asked.facts),
            facts=self.used(asked.facts),
            when=asked.text,
            sources=_texts(cited),
            verified=self.library.standing(_Claim(cited)) != "recalled",
            note=note,
        )

    def _sentence(self, truth: Truth, wanted: bool, sentences: tuple[str, str], names: Iterable[str]) -> str:
        if truth is not None:
            return sentences[0] if truth is wanted else sentences[1]
        missing = [name for name in names if self.values[name] is None]
        why = "; ".join(f"{DECLARATIONS[name].description.lower()} ({self.judge.used[name].reason or 'not recorded'})" for name in missing)
        return f"Cannot say: {sentences[0].removeprefix('Ruled out: ')}? Not known: {why}"


class _Claim:
    """Sources in the shape that the library grades."""

    def __init__(self, citations: tuple[Citation, ...]) -> None:
        self.citations = citations


def with_entered(facts: Mapping[str, FactValue], entered: Mapping[str, Value]) -> dict[str, FactValue]:
    """The facts, with what was entered for this session in their place. Raises ``CourseRefused`` for a name or value that is none."""
    out = dict(facts)
    for name, value in entered.items():
        if name not in DECLARATIONS:
            raise CourseRefused(f"there is no fact named {name}", "a declared fact")
        declared = DECLARATIONS[name]
        number = isinstance(value, int | float) and not isinstance(value, bool)
        fits = {"bool": isinstance(value, bool), "cat": value in declared.categories, "int": number and value == int(value), "num": number}
        outside = number and not (
            (declared.low is None or float(value) >= declared.low) and (declared.high is None or float(value) <= declared.high)
        )
        if not fits[declared.kind] or outside:
            raise CourseRefused(f"what was entered for {name} does not fit it", _expected(name))
        out[name] = FactValue(name, value, "known", (), "entered for this session")
    return out


def _expected(name: str) -> str:
    declared = DECLARATIONS[name]
    if declared.kind == "bool":
        return "true or false"
    if declared.kind == "cat":
        return "one of " + ", ".join(declared.categories)
    return f"{'a whole number' if declared.kind == 'int' else 'a number'} from {declared.low:g} to {declared.high:g} {declared.unit or ''}"


def _answer(truth: Truth, wanted: bool) -> Answer:
    return "cannot-say" if truth is None else "go" if truth is wanted else "no-go"


def _topic(names: Iterable[str], otherwise: Topic) -> Topic:
    for name in names:
        if name.endswith("_hypersensitivity"):
            return "allergy"
        if name in ("pregnant", "breastfeeding"):
            return "pregnancy"
        if name.startswith("cumulative_"):
            return "total"
    return otherwise


def _texts(citations: Iterable[Citation]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(citation) for citation in citations))
