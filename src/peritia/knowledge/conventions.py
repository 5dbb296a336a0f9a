"""The few settings by which the library is read: its version, and what a trial's status means."""

from __future__ import annotations

import msgspec


class Conventions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``version`` is the library's date. A trial is open or closed by its status; its status is asked again after so many days."""

    version: str
    trial_statuses_open: tuple[str, ...]
    trial_statuses_closed: tuple[str, ...]
    trial_recheck_after_days: int
    source: str | tuple[str, ...]
    note: str = ""
