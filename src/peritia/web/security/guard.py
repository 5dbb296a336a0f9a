"""Every request passes here: session, role, centre, token. The policy decides; what it does not name is denied."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Annotated, cast
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from peritia.store.errors import CaseUnknown
from peritia.store.event import Scope
from peritia.store.index import CaseRow
from peritia.web.accounts import Account, ApiToken, find_token
from peritia.web.house import House
from peritia.web.language import FALLBACK, _, accepted, speak
from peritia.web.policy import SEES, Rule, allows, rule_for
from peritia.web.security.emergency import READ
from peritia.web.security.sessions import Session

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
TOKEN = "csrf"
_FIELDS = 1_500


class SignInNeeded(Exception):
    """Nobody is signed in, and the page needs somebody."""


class TokenRefused(Exception):
    """The bearer token is none of ours, or has ended. ``wait``: seconds until another may be tried."""

    def __init__(self, wait: int = 0) -> None:
        self.wait = wait
        super().__init__("token refused")


API = "/api/"
"""Where programs ask. Tokens open nothing else, and errors are told as JSON."""


class Posted:
    """A form as it was typed: texts only, nothing converted, nothing lost."""

    def __init__(self, given: Mapping[str, list[str]]) -> None:
        self.given = given

    def one(self, name: str, otherwise: str = "") -> str:
        """The last text of a field, without blanks around it."""
        return self.given.get(name, [otherwise])[-1].strip()

    def many(self, name: str) -> list[str]:
        """Every text of a field that is not blank."""
        return [text.strip() for text in self.given.get(name, []) if text.strip()]


def house_of(request: Request) -> House:
    """What the application is made of."""
    return cast("House", request.app.state.house)


async def guard(request: Request) -> None:
    """Let the request in, or raise: ``SignInNeeded``, 403 for a role or a token, 404 for a case that is not the person's."""
    house = house_of(request)
    rule = rule_for(request.method, _pattern(request))
    token = _bearer(house, request)
    session, account = (None, token[0]) if token else who(house, request)
    request.state.session, request.state.account, request.state.token = session, account, token[1] if token else None
    speak_to(request)
    if rule is None:
        raise HTTPException(403, "This page has no rule that lets anybody in.")
    if rule.scope != "open" and account is None:
        raise SignInNeeded
    if not allows(rule, account):
        raise HTTPException(403, _not_for(rule))
    if token is not None:
        request.state.note = f"token {token[1].id}"
        _check_scope(request, token[1])
    elif request.method not in SAFE:
        await _check_token(request, session)
    if account is not None and rule.scope != "open":
        _check_account(house, request, session, account)
    if rule.scope == "case":
        request.state.case = await _case(house, request, rule, account)


async def _case(house: House, request: Request, rule: Rule, account: Account | None) -> CaseRow:
    """The case, if it lies in one of the person's centres; or for reading pages, under a leave for an emergency, in any."""
    case_id = request.path_params["case_id"]
    try:
        return await run_in_threadpool(house.record.row, case_id, scope=scope_of(account))
    except CaseUnknown:
        reads = rule == SEES and request.method in SAFE and not _pattern(request).startswith(API)
        leave = house.emergencies.find(account.id, case_id, house.now()) if account is not None and reads else None
        if leave is None:
            raise
        request.state.emergency, request.state.note = leave, READ
        return await run_in_threadpool(house.record.row, case_id, scope=Scope.everywhere())


def _check_account(house: House, request: Request, session: Session | None, account: Account) -> None:
    """Raise 409 while the first password waits to be changed, or a second factor that the clinic demands is not there."""
    path = _pattern(request)
    if account.must_change:
        if path not in _UNTIL_CHANGED:
            raise HTTPException(409, "change-password")
    elif path not in _UNTIL_SECOND and house.second.is_lacking(account) and not (session and session.strong):
        raise HTTPException(409, "second-factor")


_UNTIL_CHANGED = ("/account", "/account/password", "/sign-out")
_UNTIL_SECOND = (*_UNTIL_CHANGED, "/account/second-factor", "/account/passkeys/ask", "/account/passkeys")


def speak_to(request: Request) -> None:
    """Answer in the person's language, else in the session's, else in the browser's. Programs are answered in English."""
    session, account = getattr(request.state, "session", None), getattr(request.state, "account", None)
    if _pattern(request).startswith(API):
        speak(FALLBACK)
    else:
        wished = (account.language if account else "") or (session.language if session else "")
        speak(wished or accepted(request.headers.get("accept-language", "")))


def scope_of(account: Account | None) -> Scope:
    """The centres whose cases the person may see: none without an account."""
    return Scope.of(*(account.centres if account else ()))


def case_scope(request: Request) -> Scope:
    """The scope of the one case that the guard let the person see: its own centre."""
    return Scope.of(request.state.case.centre)


def _pattern(request: Request) -> str:
    route = request.scope.get("route")
    return str(getattr(route, "path", ""))


def who(house: House, request: Request) -> tuple[Session | None, Account | None]:
    """The session behind the cookie, and the person signed in; neither when the account was closed or its sign-ins were ended."""
    session = house.sessions.find(request.cookies.get(house.cookie, ""), house.now())
    if session is None or not session.account:
        return session, None
    account = house.accounts.get(session.account)
    if account is None or not account.active or account.epoch != session.epoch:
        return None, None
    return session, account


def _bearer(house: House, request: Request) -> tuple[Account, ApiToken] | None:
    """The account behind a bearer token; None without one. A wrong one counts for the address as a wrong password does."""
    kind, _blank, text = request.headers.get("authorization", "").partition(" ")
    if not _pattern(request).startswith(API) or kind.casefold() != "bearer":
        return None
    address, now = request.client.host if request.client else "", house.now()
    if wait := house.throttle.wait("token", address, now):
        raise TokenRefused(int(wait.total_seconds()) + 1)
    found = find_token(house.accounts, text.strip(), now)
    if found is None:
        house.throttle.failed(f"token of {address}", address, now)
        request.state.note = "token refused"
        raise TokenRefused
    return found


def _check_scope(request: Request, token: ApiToken) -> None:
    needed = "read" if request.method in SAFE else "write"
    if needed not in token.scopes:
        raise HTTPException(403, f"This token may not {needed}.")


async def _check_token(request: Request, session: Session | None) -> None:
    """The request must come from a page of this server, and carry the session's token."""
    origin = request.headers.get("origin", "")
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none") or (
        origin and urlsplit(origin).netloc != request.headers.get("host", "")
    ):
        raise HTTPException(403, "This form was sent from another site. Nothing was taken over.")
    sent = request.headers.get("x-csrf-token", "")
    if not sent and request.headers.get("content-type", "").split(";")[0] in _FORMS:
        form: FormData = await request.form(max_files=0, max_fields=_FIELDS)
        text = form.get(TOKEN, "")
        sent = text if isinstance(text, str) else ""
    if session is None or not hmac.compare_digest(sent.encode(), session.token.encode()):
        raise HTTPException(403, "stale-form")


_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


async def posted(request: Request) -> Posted:
    """The form of a request."""
    form = await request.form(max_files=0, max_fields=_FIELDS)
    given: dict[str, list[str]] = {}
    for name, text in form.multi_items():
        if not isinstance(text, UploadFile):
            given.setdefault(name, []).append(text)
    return Posted(given)


def account_of(request: Request) -> Account:
    """The person who is signed in; only for routes whose rule asks for one."""
    return cast("Account", request.state.account)


def _not_for(rule: Rule) -> str:
    return _("This page is for: {roles}.").format(roles=", ".join(_(role) for role in rule.roles))


Form = Annotated[Posted, Depends(posted)]
