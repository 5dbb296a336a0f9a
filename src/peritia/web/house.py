"""What the application is made of: settings, clock, record, accounts, sessions, journal. Made once, handed to every page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from peritia.patients import ASSESSED_ON
from peritia.store.record import Record
from peritia.store.visits import Visits, heads_of
from peritia.web.accounts import AccountBook, Passkeys, Passwords, SecondFactors
from peritia.web.accounts.hospital import Hospital
from peritia.web.assessed import Assessor
from peritia.web.security.emergency import Emergencies
from peritia.web.security.outbound import Fetch, Outbound
from peritia.web.security.sessions import Sessions
from peritia.web.security.throttle import Throttle
from peritia.web.settings import Settings

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class House:
    """Everything that lives as long as the server."""

    settings: Settings
    clock: Clock
    record: Record
    assessed: Assessor
    accounts: AccountBook
    passwords: Passwords
    passkeys: Passkeys
    second: SecondFactors
    sessions: Sessions
    throttle: Throttle
    hospital: Hospital | None
    emergencies: Emergencies
    journal: Visits

    @property
    def cookie(self) -> str:
        """The session cookie's name. Over TLS its prefix keeps other hosts and paths from setting it."""
        return "__Host-peritia" if self.settings.https else "peritia"

    def now(self) -> datetime:
        """The moment, with its zone."""
        return self.clock()

    def today(self) -> date:
        """The day on which pages assess. The demonstration stands still on the day of its stories, or its laboratory values would age."""
        return ASSESSED_ON if self.settings.demo else self.clock().astimezone().date()


def build(settings: Settings, clock: Clock, record: Record, fetch: Fetch | None = None) -> House:
    """A house from its settings."""
    book = AccountBook(settings.data / "accounts.json")
    return House(
        settings=settings,
        clock=clock,
        record=record,
        assessed=Assessor(record),
        accounts=book,
        passwords=Passwords(settings.hash_memory_kib),
        passkeys=Passkeys(settings.origin, settings.host, book),
        second=SecondFactors(book, settings.second_factor),
        sessions=Sessions(timedelta(minutes=settings.idle_minutes), timedelta(hours=settings.session_hours)),
        throttle=Throttle(settings.attempts, timedelta(minutes=settings.attempt_minutes)),
        hospital=_hospital(settings, fetch),
        emergencies=Emergencies(),
        journal=Visits(settings.data / "access", record.ring, heads_of(record.place)),
    )


def _hospital(settings: Settings, fetch: Fetch | None) -> Hospital | None:
    """The hospital's sign-in, where one is set."""
    if not settings.oidc_issuer:
        return None
    host = urlsplit(settings.oidc_issuer).hostname or ""
    ask = fetch or Outbound(frozenset({host, *settings.oidc_hosts}), private=settings.oidc_private)
    secret = settings.oidc_secret_file.read_text(encoding="utf-8").strip() if settings.oidc_secret_file else ""
    return Hospital(settings.oidc_issuer, settings.oidc_client, secret, f"{settings.origin.rstrip('/')}/sign-in/hospital/back", ask)
