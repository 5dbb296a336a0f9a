"""Who writes in these tests, and the clock that the tests wind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from peritia.store import Author, Scope

ANNA = Author(by="anna", role="data-manager", client="test", centre="north")
BEN = Author(by="ben", role="clinician", client="test", centre="north")
CARLA = Author(by="carla", role="clinician", client="test", centre="south")
NORTH = Scope.of("north")
SOUTH = Scope.of("south")


class Clock:
    """Gives each time one second more than before; ``at`` sets it."""

    def __init__(self, at: datetime = datetime(2026, 3, 1, 8, tzinfo=UTC)) -> None:
        self.at = at

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at
