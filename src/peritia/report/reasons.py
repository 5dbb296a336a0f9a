"""Turns evaluated criteria into lines for a reader: how each came out, the sentence, the facts found, the rule, the sources."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from peritia.options.assessment import FactUsed, Missing, Reason
from peritia.report.bibliography import Bibliography
from peritia.report.content import FactLine, ReasonGroup, ReasonLine, Verdict
from peritia.report.wording import Words

EFFECTS = ("against", "open-question", "flag", "flag-unknown", "for", "no-flag")
"""What closes comes first, then what is open, then what to mind, then what speaks for it."""


_COMPACT = frozenset({"flag-unknown", "for", "no-flag"})
LEANING: Final[dict[str, str]] = {
    "against": "closed", "open-question": "depends", "flag": "open-with-flags", "flag-unknown": "depends", "for": "open", "no-flag": "open",
}  # fmt: skip
"""An effect borrows shape and ink of the verdict that it pushes towards."""


def _whole(sets: tuple[tuple[str, ...], ...]) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """Sets that nobody factored, as the one part that they are."""
    return (sets,) if sets else ()


class Teller:
    """Tells reasons and facts in one language, numbering sources as it goes."""

    def __init__(self, w: Words, bibliography: Bibliography, facts: Iterable[FactUsed]) -> None:
        self.words = w
        self.bibliography = bibliography
        self._descriptions = {fact.name: fact.description for fact in facts}

    def name(self, fact: str) -> str:
        """A fact's description in words; its own name where nobody described it."""
        return self._descriptions.get(fact) or fact.replace("_", " ")

    def fact(self, used: FactUsed, *, label: str | None = None) -> FactLine:
        """The fact as read, with what it rests on in small type."""
        w = self.words
        shown = w.value(used.value, used.unit)
        recorded = w("fact.recorded", shown=used.shown) if used.shown and used.shown not in (shown, str(used.value)) else ""
        state = "" if used.state in ("known", "unknown") else w(f"state.{used.state}")
        said = used.reason.startswith(state)
        reason = used.reason if said else f"{state}: {used.reason}" if used.reason else state
        parts = (w.day(used.on) if used.on else "", recorded, reason, ", ".join(used.paths[:3]))
        detail = " · ".join(part for part in parts if part)
        return FactLine(name=used.name, label=label or self.name(used.name), value=shown, detail=detail, state=used.state)

    def reason(self, reason: Reason) -> ReasonLine:
        """One criterion, told."""
        w = self.words
        remarks = [reason.note]
        if reason.effect == "against" and reason.recoverable is not None:
            remarks.append(w("recoverable.yes" if reason.recoverable else "recoverable.no"))
        cites = self.bibliography.cite(reason.sources, verified=reason.verified)
        return ReasonLine(
            effect=reason.effect,
            standing=self._standing(reason),
            text=self.sentence(reason),
            facts=tuple(self._bare(fact) if reason.effect in _COMPACT else self.fact(fact) for fact in reason.facts),
            rule=reason.when,
            cites=cites,
            verified=reason.verified and all(cite.verified for cite in cites),
            remark=" ".join(remark for remark in remarks if remark),
        )

    def groups(self, reasons: Iterable[Reason], titles: str = "effect") -> tuple[ReasonGroup, ...]:
        """Reasons by effect, in the order that a decision needs them; ``titles`` is the part of the words that names the groups."""
        told = [self.reason(reason) for reason in sorted(reasons, key=lambda reason: EFFECTS.index(reason.effect))]
        found = {effect: tuple(line for line in told if line.effect == effect) for effect in EFFECTS}
        return tuple(
            ReasonGroup(effect=effect, title=self.words(f"{titles}.{effect}"), compact=effect in _COMPACT, reasons=lines)
            for effect, lines in found.items()
            if lines
        )

    def against(self, reason: Reason) -> str:
        """A reason that closes something, in a clause."""
        return f"{self._standing(reason)}: {self.sentence(reason)}"

    def sentence(self, reason: Reason) -> str:
        """What it means that the criterion holds, or, where its author said so, that it does not."""
        return reason.otherwise if reason.truth is False and reason.otherwise else reason.because

    def missing(self, missing: Missing) -> tuple[str, ...]:
        """What could still open the option, and what could still close it, in words."""
        ways = (
            ("missing.open", missing.open_parts or _whole(missing.to_open)),
            ("missing.close", missing.close_parts or _whole(missing.to_close)),
        )
        told = [self._changing(key, parts) for key, parts in ways if parts]
        if missing.beyond_bound:
            told.append(self.words("missing.beyond", facts=self.some(missing.undecided, limit=12)))
        return tuple(told)

    def verdict(self, key: str) -> Verdict:
        """A verdict with its word."""
        return Verdict(key=key, word=self.words(f"verdict.{key}"))

    def some(self, facts: tuple[str, ...], limit: int = 5) -> str:
        """The first few facts by name, the rest counted."""
        told = [self.name(fact) for fact in facts[:limit]]
        rest = len(facts) - limit
        return ", ".join(told) + self.words("rest", n=rest) if rest > 0 else self.words.listing(told)

    def _bare(self, used: FactUsed) -> FactLine:
        """The fact alone; its date and origin stand in the list of all facts."""
        return FactLine(name=used.name, label=self.name(used.name), value=self.words.value(used.value, used.unit), state=used.state)

    def _standing(self, reason: Reason) -> str:
        truth = "unknown" if reason.truth is None else "true" if reason.truth else "false"
        return self.words(f"standing.{reason.role}.{truth}")

    def _changing(self, key: str, parts: tuple[tuple[tuple[str, ...], ...], ...]) -> str:
        """One set from every part together changes the verdict: what has no alternative is said first, then each choice."""
        sure = [self.name(fact) for part in parts if len(part) == 1 for fact in part[0]]
        choices = [self.words("missing.one_of", sets=self._sets(part)) for part in parts if len(part) > 1]
        lead = [self.words.listing(sure)] if sure else []
        return self.words(key, facts=f"; {self.words('join.and')} ".join((*lead, *choices)))

    def _sets(self, sets: tuple[tuple[str, ...], ...]) -> str:
        told = [self.words.listing(self.name(fact) for fact in facts) for facts in sets[:8]]
        more = self.words("missing.more", n=len(sets) - 8) if len(sets) > 8 else ""
        return f"; {self.words('join.or')} ".join(told) + more
