"""The policy: which role may use which route, in one table. What does not stand here is denied.

``scope`` says what beside the role is checked: ``open`` nothing, nobody need be signed in; ``person`` a sign-in; ``case`` a sign-in and
that the case lies in one of the person's centres (a case elsewhere is answered like one that does not exist).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from peritia.web.accounts import ROLES, Account, Role

Scope = Literal["open", "person", "case"]


class Rule(msgspec.Struct, frozen=True):
    """Who may use a route."""

    scope: Scope
    roles: tuple[Role, ...] = ()


OPEN = Rule("open")
ANYBODY = Rule("person", ROLES)
_SEEING: tuple[Role, ...] = ("viewer", "data-manager", "pharmacist", "nurse", "clinician")
_ENTERING: tuple[Role, ...] = ("data-manager", "nurse", "clinician")
_TREATING: tuple[Role, ...] = ("nurse", "clinician")
_SIGNING: tuple[Role, ...] = ("pharmacist", "nurse", "clinician")
READS = Rule("person", _SEEING)
OPENS = Rule("person", ("data-manager", "clinician"))
SEES = Rule("case", _SEEING)
ENTERS = Rule("case", _ENTERING)
TREATS = Rule("case", _TREATING)
SIGNS = Rule("case", _SIGNING)
DECIDES = Rule("case", ("clinician",))
RUNS = Rule("person", ("administrator",))
HASTENS = Rule("person", _TREATING)

POLICY: Mapping[str, Rule] = {
    "GET /static/{name}": OPEN,
    "GET /health": OPEN,
    "GET /sign-in": OPEN,
    "POST /sign-in": OPEN,
    "GET /set-up": OPEN,
    "POST /set-up": OPEN,
    "POST /sign-in/passkey/ask": OPEN,
    "POST /sign-in/passkey": OPEN,
    "GET /sign-in/second": OPEN,
    "POST /sign-in/second": OPEN,
    "GET /account/second-factor": ANYBODY,
    "POST /account/second-factor": ANYBODY,
    "POST /account/second-factor/codes": ANYBODY,
    "POST /account/second-factor/remove": ANYBODY,
    "POST /administration/accounts/{account}/second-factor": RUNS,
    "GET /sign-in/hospital": OPEN,
    "GET /sign-in/hospital/back": OPEN,
    "GET /account/hospital": ANYBODY,
    "POST /account/hospital/remove": ANYBODY,
    "GET /emergency": HASTENS,
    "POST /emergency": HASTENS,
    "POST /emergency/end": HASTENS,
    "POST /language": OPEN,
    "POST /sign-out": ANYBODY,
    "GET /": ANYBODY,
    "GET /account": ANYBODY,
    "POST /account/password": ANYBODY,
    "POST /account/passkeys/ask": ANYBODY,
    "POST /account/passkeys": ANYBODY,
    "POST /account/passkeys/remove": ANYBODY,
    "GET /patients": READS,
    "GET /patients/new": OPENS,
    "POST /patients/new": OPENS,
    "GET /patients/{case_id}": SEES,
    "GET /patients/{case_id}/history": SEES,
    "GET /patients/{case_id}/facts/{name}": SEES,
    "GET /patients/{case_id}/enter": ENTERS,
    "GET /patients/{case_id}/enter/{section}": ENTERS,
    "POST /patients/{case_id}/enter/{section}": ENTERS,
    "GET /patients/{case_id}/panel/{section}": ENTERS,
    "POST /patients/{case_id}/panel/{section}": ENTERS,
    "GET /patients/{case_id}/entries/{entry}": ENTERS,
    "POST /patients/{case_id}/entries/{entry}": ENTERS,
    "POST /patients/{case_id}/entries/{entry}/withdraw": ENTERS,
    "POST /patients/{case_id}/entries/{entry}/undo": ENTERS,
    "POST /patients/{case_id}/drawing": ENTERS,
    "GET /patients/{case_id}/board": SEES,
    "POST /patients/{case_id}/board/answer": ENTERS,
    "GET /patients/{case_id}/board/decide": DECIDES,
    "POST /patients/{case_id}/board/decide": DECIDES,
    "GET /patients/{case_id}/dossier": SEES,
    "GET /patients/{case_id}/course": SEES,
    "GET /patients/{case_id}/session": SEES,
    "GET /patients/{case_id}/session/plan": SEES,
    "POST /patients/{case_id}/session/plan": TREATS,
    "GET /patients/{case_id}/session/{session}": SEES,
    "POST /patients/{case_id}/session/{session}/{act}": SIGNS,
    "GET /patients/{case_id}/session/{session}/findings": TREATS,
    "POST /patients/{case_id}/session/{session}/findings": TREATS,
    "GET /patients/{case_id}/session/{session}/pathology": TREATS,
    "POST /patients/{case_id}/session/{session}/pathology": TREATS,
    "GET /patients/{case_id}/delivery": SEES,
    "POST /patients/{case_id}/delivery": TREATS,
    "POST /patients/{case_id}/delivery/{key}/take": TREATS,
    "GET /patients/{case_id}/delivery/{key}/{figure}": SEES,
    "GET /patients/{case_id}/calendar": SEES,
    "POST /patients/{case_id}/calendar": ENTERS,
    "GET /patients/{case_id}/calendar.ics": SEES,
    "GET /calendar": READS,
    "GET /calendar.ics": READS,
    "GET /knowledge": ANYBODY,
    "GET /knowledge/{kind}": ANYBODY,
    "GET /knowledge/{kind}/{name}": ANYBODY,
    "GET /administration": RUNS,
    "POST /administration/accounts": RUNS,
    "GET /administration/accounts/{account}": RUNS,
    "POST /administration/accounts/{account}": RUNS,
    "POST /administration/accounts/{account}/password": RUNS,
    "GET /audit": RUNS,
    "GET /account/tokens": ANYBODY,
    "POST /account/tokens": ANYBODY,
    "POST /account/tokens/revoke": ANYBODY,
    "GET /api/v1/openapi.json": OPEN,
    "GET /api/v1/me": ANYBODY,
    "GET /api/v1/patients": READS,
    "POST /api/v1/patients": OPENS,
    "GET /api/v1/patients/{case_id}": SEES,
    "GET /api/v1/patients/{case_id}/facts": SEES,
    "GET /api/v1/patients/{case_id}/assessment": SEES,
    "GET /api/v1/patients/{case_id}/history": SEES,
    "GET /api/v1/patients/{case_id}/course": SEES,
    "GET /api/v1/patients/{case_id}/entries": SEES,
    "POST /api/v1/patients/{case_id}/entries": ENTERS,
    "PUT /api/v1/patients/{case_id}/entries/{entry}": ENTERS,
    "POST /api/v1/patients/{case_id}/entries/{entry}/withdraw": ENTERS,
    "GET /api/v1/audit": RUNS,
}


def rule_for(method: str, path: str) -> Rule | None:
    """The rule of a route; HEAD is ruled as GET."""
    return POLICY.get(f"{'GET' if method == 'HEAD' else method} {path}")


def allows(rule: Rule | None, account: Account | None) -> bool:
    """Whether the rule lets the account in, by role alone. No rule lets nobody in."""
    if rule is None:
        return False
    if rule.scope == "open":
        return True
    return account is not None and account.active and account.has(*rule.roles)
