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


LEANING: Final[dict[str, str]] = {
    "against": "closed", "open-question": "depends", "flag": "open-with-flags", "flag-unknown": "depends", "for": "open", "no-flag": "open",
}  # fmt: skip
"""An effect borrows shape and ink of the verdict that it pushes towards."""


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
        state = "" if used.state == "known" else w(f"state.{used.state}") if used.value is not None else ""
        reason = f"{state}: {used.reason}" if state and used.reason else state or used.reason
        parts = (w.day(used.on) if used.on else "", recorded, reason, ", ".join(used.paths[:3]))
        detail = " · ".join(part for part in parts if part)
        return FactLine(name=used.name, label=label or self.name(used.name), value=shown, detail=detail, state=used.state)

    def reason(self, reason: Reason) -> ReasonLine:
        """One criterion, told."""
        w = self.words
        truth = "unknown" if reason.truth is None else "true" if reason.truth else "false"
        remarks = [reason.note]
        if reason.effect == "against" and reason.recoverable is not None:
            remarks.append(w("recoverable.yes" if reason.recoverable else "recoverable.no"))
        cites = self.bibliography.cite(reason.sources, verified=reason.verified)
        return ReasonLine(
            effect=reason.effect,
            standing=w(f"standing.{reason.role}.{truth}"),
            text=reason.because,
            facts=tuple(self.fact(fact) for fact in reason.facts),
            rule=reason.when,
            cites=cites,
            verified=reason.verified and all(cite.verified for cite in cites),
            remark=" ".join(remark for remark in remarks if remark),
        )

    def groups(self, reasons: Iterable[Reason]) -> tuple[ReasonGroup, ...]:
        """Reasons by effect, in the order that a decision needs them."""
        told = [self.reason(reason) for reason in sorted(reasons, key=lambda reason: EFFECTS.index(reason.effect))]
        found = {effect: tuple(line for line in told if line.effect == effect) for effect in EFFECTS}
        return tuple(
            ReasonGroup(effect=effect, title=self.words(f"effect.{effect}"), reasons=lines) for effect, lines in found.items() if lines
        )

    def missing(self, missing: Missing) -> tuple[str, ...]:
        """What could still open the option, and what could still close it, in words."""
        lines = (("missing.open", missing.to_open), ("missing.close", missing.to_close))
        return tuple(self.words(key, sets=self._sets(sets)) for key, sets in lines if sets)

    def verdict(self, key: str) -> Verdict:
        """A verdict with its word."""
        return Verdict(key=key, word=self.words(f"verdict.{key}"))

    def _sets(self, sets: tuple[tuple[str, ...], ...]) -> str:
        told = [self.words.listing(self.name(fact) for fact in facts) for facts in sets[:8]]
        more = self.words("missing.more", n=len(sets) - 8) if len(sets) > 8 else ""
        return f"; {self.words('join.or')} ".join(told) + more
