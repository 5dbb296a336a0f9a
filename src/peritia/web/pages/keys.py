"""Passkeys: made and removed in the own account, used at the door. The scripts' only pages; everything else works without them."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from peritia.web.accounts import AccountError
from peritia.web.language import _, told_error
from peritia.web.pages.signing_in import address_of, enter
from peritia.web.security.guard import Form, account_of, house_of

router = APIRouter()


@router.post("/account/passkeys/ask")
def ask_new(request: Request) -> Response:
    """What the browser makes a key from."""
    text, request.state.session.challenge = house_of(request).passkeys.ask_new(account_of(request))
    return Response(text, media_type="application/json")


@router.post("/account/passkeys")
def add(request: Request, form: Form) -> Response:
    """Keep the key that was made."""
    house, session = house_of(request), request.state.session
    challenge, session.challenge = session.challenge, b""
    try:
        house.passkeys.add(account_of(request), form.one("answer"), challenge, form.one("label"), house.now())
    except AccountError as refused:
        return JSONResponse({"message": f"{told_error(refused)}."}, status_code=422)
    session.notice = _("The passkey was added. Next time, sign in with it.")
    return JSONResponse({"go": "/account"})


@router.post("/account/passkeys/remove")
def remove(request: Request, form: Form) -> Response:
    """Forget a key."""
    house, account = house_of(request), account_of(request)
    house.accounts.change(account.id, passkeys=tuple(key for key in account.passkeys if key.id != form.one("key")))
    request.state.session.notice = _("The passkey was removed.")
    return RedirectResponse("/account", status_code=303)


@router.post("/sign-in/passkey/ask")
def ask(request: Request) -> Response:
    """What the browser signs."""
    text, request.state.session.challenge = house_of(request).passkeys.ask()
    return Response(text, media_type="application/json")


@router.post("/sign-in/passkey")
def sign_in(request: Request, form: Form) -> Response:
    """Sign in by a key; failures count for the address as those of passwords do."""
    house, session = house_of(request), request.state.session
    challenge, session.challenge = session.challenge, b""
    address, now = address_of(request), house.now()
    if house.throttle.wait("passkey", address, now):
        return JSONResponse({"message": _("Too many attempts. Wait a quarter of an hour.")}, status_code=429)
    try:
        account = house.passkeys.check(form.one("answer"), challenge)
    except AccountError as refused:
        house.throttle.failed(f"passkey of {address}", address, now)
        request.state.note = "passkey refused"
        return JSONResponse({"message": f"{told_error(refused)}."}, status_code=401)
    enter(request, account, strong=True)
    return JSONResponse({"go": "/"})
