"""Why cancer returns, and what decides what to do: the one file that recurrence is read by."""

from __future__ import annotations

import msgspec

from peritia.knowledge.claim import Description
from peritia.knowledge.criterion import Criterion


class Mechanism(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One reason why cancer returns. Each of ``criteria`` is a sign that it is at work in this case; one suffices."""

    id: str
    name: str
    what_it_is: Description
    criteria: tuple[Criterion, ...]


class DecidingFactor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the things that decide at recurrence, as the facts that say it."""

    id: str
    name: str
    facts: tuple[str, ...]
    patient: str
    source: str | tuple[str, ...]


class RecurrenceKnowledge(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``recognised``: what makes it a recurrence after cytoreduction with HIPEC."""

    recognised: Criterion
    mechanisms: tuple[Mechanism, ...]
    decides: tuple[DecidingFactor, ...]

    @property
    def why(self) -> tuple[Criterion, ...]:
        """Every sign of every mechanism; its sentence names the mechanism first."""
        return tuple(criterion for mechanism in self.mechanisms for criterion in mechanism.criteria)

    @property
    def deciding_facts(self) -> tuple[str, ...]:
        """The facts that decide, in order, each once."""
        return tuple(dict.fromkeys(fact for factor in self.decides for fact in factor.facts))
