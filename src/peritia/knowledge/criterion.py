"""A cited criterion over facts: the one idea that treatments, trials, studies, policies and limits share."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import msgspec

from peritia.sources import Citation, Status, cite

if TYPE_CHECKING:
    from peritia.criteria import Formula


class Criterion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``because`` says in a sentence what it means that ``when`` holds. ``source`` is one or more of ``id`` or ``id#place``.

    ``otherwise`` says in a sentence what it means that it does not hold, where "not met" would read badly.
    ``status`` weakens the status of the source for this claim (a threshold recalled from a paper that was only partly read).
    ``recoverable`` is said of an exclusion: can it pass with time or treatment? ``exclude`` marks an exclusion in a trial's one list.
    """

    when: str
    because: str
    source: str | tuple[str, ...]
    status: Status | None = None
    recoverable: bool | None = None
    otherwise: str = ""
    exclude: bool = False
    note: str = ""

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources, each with its place and this claim's own status."""
        return cite(self.source, self.status)

    @property
    def formula(self) -> Formula:
        """``when``, parsed over the declared facts. Parsed once for each text."""
        return formula(self.when)


@cache
def formula(text: str) -> Formula:
    """A criterion's text parsed over the declared facts.

    Raises ``CriterionError`` for what the language or the vocabulary does not allow.
    """
    # Imported at first use: a page that only lists treatments needs no parser.
    from peritia.case.facts import DECLARATIONS
    from peritia.criteria import parse

    return parse(text, DECLARATIONS)
