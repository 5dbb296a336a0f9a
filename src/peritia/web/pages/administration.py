"""Accounts: who may sign in, in which roles, for which centres."""

from __future__ import annotations

import secrets

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from peritia.web.accounts import ROLES, Account, AccountError, Role
from peritia.web.language import _, told_error
from peritia.web.render import page
from peritia.web.security.guard import Form, Posted, house_of

router = APIRouter()
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@router.get("/administration")
def administration(request: Request) -> Response:
    """Every account."""
    return _all(request, {}, {})


@router.post("/administration/accounts")
def add(request: Request, form: Form) -> Response:
    """A new account with a password for the first sign-in, shown once."""
    house = house_of(request)
    typed = {name: form.one(name) for name in ("id", "name")} | {"centres": form.one("centres")}
    roles, centres, messages = _rights(form)
    messages |= {name: _("This is needed.") for name in ("id", "name") if not typed[name]}
    first = first_password()
    if not messages:
        account = Account(
            id=typed["id"].casefold(),
            name=typed["name"][:100],
            roles=roles,
            centres=centres,
            password=house.passwords.hash(first),
            made_at=house.now().isoformat(timespec="seconds"),
            must_change=True,
        )
        try:
            house.accounts.add(account)
        except AccountError as error:
            messages["id"] = told_error(error)
        else:
            return _all(request, {}, {}, made=account.id, first=first)
    return _all(request, typed, messages, roles=roles)


@router.get("/administration/accounts/{account}")
def account_page(request: Request, account: str) -> Response:
    """One account."""
    return _one(request, _found(request, account), {})


@router.post("/administration/accounts/{account}")
def change(request: Request, account: str, form: Form) -> Response:
    """Other roles, other centres, or no sign-in any more. Open sign-ins of the account end."""
    house, found = house_of(request), _found(request, account)
    roles, centres, messages = _rights(form)
    name, active = form.one("name")[:100] or found.name, form.one("active") == "yes"
    if not messages:
        try:
            house.accounts.change(found.id, name=name, roles=roles, centres=centres, active=active, epoch=found.epoch + 1)
        except AccountError as error:
            messages[""] = told_error(error)
        else:
            house.sessions.end_all(found.id)
            if request.state.session is not None and request.state.account.id != found.id:
                request.state.session.notice = _("Changed: {id}. Its open sign-ins have ended.").format(id=found.id)
            return RedirectResponse("/administration", status_code=303)
    typed = msgspec.structs.replace(found, name=name, roles=roles, centres=centres, active=active)
    return _one(request, typed, messages)


@router.post("/administration/accounts/{account}/password")
def reset(request: Request, account: str, form: Form) -> Response:
    """A new first password, shown once."""
    house, found = house_of(request), _found(request, account)
    first = first_password()
    house.accounts.change(found.id, password=house.passwords.hash(first), epoch=found.epoch + 1, must_change=True)
    house.sessions.end_all(found.id)
    return _all(request, {}, {}, made=found.id, first=first)


@router.post("/administration/accounts/{account}/second-factor")
def lost(request: Request, account: str) -> Response:
    """The device and the recovery codes are lost: second factor and passkeys are taken off, and open sign-ins end."""
    house, found = house_of(request), _found(request, account)
    house.accounts.change(found.id, totp="", totp_step=0, recovery=(), passkeys=(), epoch=found.epoch + 1)
    house.sessions.end_all(found.id)
    request.state.note = f"second factor of {found.id} taken off"
    if request.state.account.id != found.id:
        request.state.session.notice = _("Taken off: second factor and passkeys of {id}. Its open sign-ins have ended.").format(id=found.id)
    return RedirectResponse("/administration", status_code=303)


def first_password() -> str:
    """Four groups of five letters: about 99 bits, and readable aloud."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))


def _rights(form: Posted) -> tuple[tuple[Role, ...], tuple[str, ...], dict[str, str]]:
    picked = form.many("roles")
    roles: tuple[Role, ...] = tuple(role for role in ROLES if role in picked)
    centres = tuple(dict.fromkeys(part.strip()[:60] for part in form.one("centres").split(",") if part.strip()))
    messages = {} if roles else {"roles": _("At least one role is needed.")}
    if not centres:
        messages["centres"] = _("At least one centre is needed.")
    return roles, centres, messages


def _found(request: Request, account: str) -> Account:
    found = house_of(request).accounts.get(account)
    if found is None:
        raise HTTPException(404, "There is no such account.")
    return found


def _one(request: Request, account: Account, messages: dict[str, str]) -> Response:
    return page(request, "account-one.html.j2", status=422 if messages else 200, one=account, roles=ROLES, messages=messages)


def _all(
    request: Request, typed: dict[str, str], messages: dict[str, str], *, roles: tuple[Role, ...] = (), made: str = "", first: str = ""
) -> Response:
    house = house_of(request)
    status = 422 if messages else 200
    return page(
        request,
        "administration.html.j2",
        status=status,
        accounts=house.accounts.all(),
        roles=ROLES,
        chosen=roles,
        typed=typed or {"centres": house.settings.centre},
        messages=messages,
        made=made,
        first=first,
    )
