"""What can go wrong with the record, each by name. No message holds a patient value: only ids, sections, counts and places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peritia.errors import PeritiaError

if TYPE_CHECKING:
    from peritia.store.event import Event


class RecordError(PeritiaError):
    """Base of every error of the record."""


class CaseUnknown(RecordError):
    """No such case within the centres that the reader may see. Says the same for a case that another centre has."""

    def __init__(self, case_id: str) -> None:
        super().__init__(f"Found no case '{case_id}' in your centre", "the id of a case on record", "search for it")


class CaseExists(RecordError):
    """A case is opened once."""

    def __init__(self, case_id: str) -> None:
        super().__init__(f"The id '{case_id}' is taken", "an id that is not in use", "add to the case on record, or choose another id")


class NotYetSo(RecordError):
    """Nothing was so, or nothing was known, of the case at the time asked for."""

    def __init__(self, case_id: str) -> None:
        super().__init__(f"Case '{case_id}' has no primary at that time", "a time at which the case was on record", "ask for a later day")


class EntryUnknown(RecordError):
    """No such entry in this case."""

    def __init__(self, case_id: str, entry: str) -> None:
        super().__init__(f"Case '{case_id}' has no entry '{entry}'", "the id of an entry of this case", "see the history of the case")


class EntryWithdrawn(RecordError):
    """An entry is withdrawn once; a correction brings it back."""

    def __init__(self, entry: str) -> None:
        super().__init__(f"Entry '{entry}' is withdrawn already", "an entry that stands", "correct the entry to bring it back")


class VersionConflict(RecordError):
    """Somebody else wrote to the case in between. Nothing was written; ``between`` holds what they wrote, oldest first."""

    def __init__(self, case_id: str, expected: int, version: int, between: tuple[Event, ...]) -> None:
        self.case_id = case_id
        self.expected_version = expected
        self.version = version
        self.between = between
        if expected > version:
            found = f"Case '{case_id}' is at version {version}, below the version {expected} that you saw"
        else:
            what = ", ".join(f"{event.action} {event.entry} by {event.by}" for event in between[:5]) + (", ..." if len(between) > 5 else "")
            found = f"Case '{case_id}' has moved from version {expected} to {version}: {what}"
        super().__init__(found, "the case as you saw it", "look at what changed, then write again with the new version")


class RequestReused(RecordError):
    """One idempotency key, two different writes."""

    def __init__(self, request: str) -> None:
        super().__init__(f"Request key '{request}' was used for another write", "one key for one write", "make a new key for a new write")


class KeyMissing(RecordError):
    """The record stands, its key file does not."""


class KeyUnsafe(RecordError):
    """Others on this machine may read the key file."""


class KeyForeign(RecordError):
    """The key file belongs to another record."""


class RecordShortened(RecordError):
    """Signed heads speak of events that the database does not have, or has otherwise."""


class RecordDamaged(RecordError):
    """The database file cannot be read."""


class RecordBusy(RecordError):
    """Another writer held the record too long."""


class RecordFull(RecordError):
    """No room on the disk. Nothing was written."""


class RecordUnreachable(RecordError):
    """The database does not answer. Whether the last write was taken is told by sending it again with the same request key."""


class RecordRefused(RecordError):
    """The database refused what was asked: its rules hold even against the program."""


class HeadNotWritten(RecordError):
    """The events are stored; the signed head outside the database is not. Sending the same request again writes it."""


class SchemaUnknown(RecordError):
    """The database has a schema of another version of the program."""


class NotEmpty(RecordError):
    """Restore and whole import need an empty place."""


class TransferRefused(RecordError):
    """A backup or export is not what it says it is."""
