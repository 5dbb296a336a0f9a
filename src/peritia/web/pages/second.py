"""The second factor: asked for after the password; set up, renewed and ended in the own account."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from peritia.web.accounts import Account, new_secret, picture_of
from peritia.web.language import _
from peritia.web.pages.signing_in import address_of, enter, inside, too_many
from peritia.web.render import page
from peritia.web.security.guard import Form, Posted, account_of, house_of

router = APIRouter()
WAITS = timedelta(minutes=5)
"""How long a right password waits for its second factor."""


@router.get("/sign-in/second")
def second_page(request: Request, next: Annotated[str, Query(max_length=300)] = "") -> Response:
    """Where the code is typed, or the passkey used."""
    account = _waiting(request)
    return _asked(request, account, next) if account else RedirectResponse("/sign-in", status_code=303)


@router.post("/sign-in/second")
def second(request: Request, form: Form) -> Response:
    """Take the code. Wrong ones close the door as wrong passwords do; a right password alone does not open it again."""
    house, account = house_of(request), _waiting(request)
    if account is None:
        return RedirectResponse("/sign-in", status_code=303)
    address, now = address_of(request), house.now()
    if wait := house.throttle.wait(account.id, address, now):
        return _asked(request, account, form.one("next"), status=429, message=too_many(wait))
    proved = house.second.take(account.id, form.one("code")[:40], now)
    if proved is None:
        house.throttle.failed(account.id, address, now)
        request.state.note = "second factor refused"
        return _asked(request, account, form.one("next"), status=401, message=_("This code is wrong, or it was used already."))
    house.throttle.succeeded(account.id)
    enter(request, proved, strong=True)
    return RedirectResponse(inside(form.one("next")), status_code=303)


@router.get("/account/second-factor")
def own(request: Request) -> Response:
    """Whether there is one, and how to set it up."""
    return _own(request, {})


@router.post("/account/second-factor")
def begin(request: Request, form: Form) -> Response:
    """Set it up: the present password, and a first right code."""
    house, account, session = house_of(request), account_of(request), request.state.session
    messages = _password(request, form)
    codes: tuple[str, ...] = ()
    if not messages and session.enrolling and not account.totp:
        codes = house.second.begin(account, session.enrolling, form.one("code"), house.now())
        if codes:
            session.enrolling = ""
            request.state.account, request.state.note = house.accounts.get(account.id), "second factor set up"
        else:
            messages["code"] = _("This code is wrong. Is the clock of the device right?")
    return _own(request, messages, codes=codes)


@router.post("/account/second-factor/codes")
def renew(request: Request, form: Form) -> Response:
    """New recovery codes."""
    house, account = house_of(request), account_of(request)
    messages = _password(request, form)
    codes = house.second.renew(account) if not messages and account.totp else ()
    request.state.account = house.accounts.get(account.id)
    return _own(request, messages, codes=codes)


@router.post("/account/second-factor/remove")
def remove(request: Request, form: Form) -> Response:
    """End it. Where the clinic demands one, another is asked for at once."""
    house, account = house_of(request), account_of(request)
    if messages := _password(request, form):
        return _own(request, messages)
    request.state.account = house.accounts.change(account.id, totp="", totp_step=0, recovery=())
    request.state.note = "second factor ended"
    request.state.session.notice = _("The second factor was ended.")
    return RedirectResponse("/account", status_code=303)


def _waiting(request: Request) -> Account | None:
    """Who typed a right password on this browser a moment ago."""
    house, session = house_of(request), request.state.session
    if session is None or not session.waiting or house.now() - session.began > WAITS:
        return None
    account = house.accounts.get(session.waiting)
    return account if account is not None and account.active and account.epoch == session.epoch else None


def _password(request: Request, form: Posted) -> dict[str, str]:
    house, account, now = house_of(request), account_of(request), house_of(request).now()
    if wait := house.throttle.wait(account.id, address_of(request), now):
        return {"password": too_many(wait)}
    if house.passwords.fits(account.password, form.given.get("password", [""])[-1]):
        return {}
    house.throttle.failed(account.id, address_of(request), now)
    return {"password": _("This is not your present password.")}


def _asked(request: Request, account: Account, next: str, *, status: int = 200, message: str = "") -> Response:
    possible = house_of(request).passkeys.possible and bool(account.passkeys)
    return page(request, "second.html.j2", status=status, message=message, next=inside(next), passkeys=possible, codes=bool(account.totp))


def _own(request: Request, messages: dict[str, str], *, codes: tuple[str, ...] = ()) -> Response:
    house, account, session = house_of(request), account_of(request), request.state.session
    if not account.totp and not session.enrolling:
        session.enrolling = new_secret()
    return page(
        request,
        "second-factor.html.j2",
        status=422 if messages else 200,
        messages=messages,
        codes=codes,
        secret="" if account.totp else session.enrolling,
        picture="" if account.totp else picture_of(session.enrolling, account),
        demanded=house.second.is_demanded(account),
        lacking=house.second.is_lacking(account),
    )
