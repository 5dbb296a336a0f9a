"""Writing to the record from a page: who writes, what was refused at which field, and what somebody else wrote in between."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from fastapi import Request

from peritia import __version__
from peritia.errors import InputRefused, PeritiaError
from peritia.store.changes import Change
from peritia.store.errors import RecordError, VersionConflict
from peritia.store.event import Author, Event, Receipt
from peritia.store.index import CaseRow
from peritia.web.accounts import Account, Role
from peritia.web.language import told_error
from peritia.web.security.guard import Posted, account_of, house_of

_RANK: tuple[Role, ...] = ("clinician", "nurse", "pharmacist", "data-manager", "administrator", "viewer")


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a write: a receipt; or messages by field; or what others wrote since the form was opened."""

    receipt: Receipt | None = None
    messages: dict[str, str] = {}
    between: tuple[Event, ...] = ()
    version: int = 0


def author_for(account: Account, centre: str) -> Author:
    """The person as the record names them. Of several roles the one that treats counts."""
    role = next(role for role in _RANK if role in account.roles)
    return Author(by=account.id, role=role, client=f"web {__version__}", centre=centre)


def write(request: Request, row: CaseRow, changes: Sequence[Change], form: Posted) -> Written:
    """Write, under the version that the form was opened with and the form's own request key: sent twice, it is written once."""
    house, account = house_of(request), account_of(request)
    seen = form.one("seen")
    try:
        receipt = house.record.write(
            row.case_id,
            changes,
            author=author_for(account, row.centre),
            expected_version=int(seen) if seen.isdigit() and len(seen) < 12 else row.version,
            request=form.one("request"),
        )
    except InputRefused as refused:
        return Written(messages=_by_field(refused), version=row.version)
    except VersionConflict as conflict:
        return Written(between=conflict.between, version=conflict.version)
    except RecordError:
        raise
    except PeritiaError as refused:  # a noun of the course refused its own content
        return Written(messages={"": f"{told_error(refused)}."}, version=row.version)
    return Written(receipt=receipt)


def _by_field(refused: InputRefused) -> dict[str, str]:
    """Each problem at the last name of its path; what cannot be placed goes to the top of the form."""
    found: dict[str, str] = {}
    for problem in refused.problems:
        name = problem.path.rsplit(".", 1)[-1].split("[", 1)[0]
        words = f"{problem.message}" + (f" ({problem.hint})" if problem.hint else "")
        found[name] = f"{found[name]} {words}" if name in found else words[:1].upper() + words[1:]
    return found
