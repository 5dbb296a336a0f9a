"""Sign-in through the hospital, and linking it to the own account."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from peritia.errors import PeritiaError
from peritia.web.accounts.hospital import Hospital, HospitalError
from peritia.web.language import _, marked, told_error
from peritia.web.pages.signing_in import address_of, door, ensure_session, enter, inside, too_many
from peritia.web.security.guard import account_of, house_of

router = APIRouter()


@router.get("/sign-in/hospital")
def go(request: Request, next: Annotated[str, Query(max_length=300)] = "") -> Response:
    """To the provider."""
    ensure_session(request, house_of(request))
    return _send(request, next=inside(next), linking=False)


@router.get("/account/hospital")
def link(request: Request) -> Response:
    """To the provider, so that the one who comes back is linked to the account signed in here."""
    return _send(request, next="/account", linking=True)


@router.get("/sign-in/hospital/back")
def back(
    request: Request,
    state: Annotated[str, Query(max_length=500)] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
    error: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Back from the provider: who is it, and is there an account?"""
    house, session = house_of(request), request.state.session
    errand, hospital = session.errand if session else None, _hospital(request)
    address, now = address_of(request), house.now()
    if wait := house.throttle.wait("hospital", address, now):
        return door(request, status=429, message=too_many(wait))
    try:
        if session is None or errand is None:
            raise HospitalError("No sign-in was begun in this browser", "the way from the door", "begin again")
        session.errand = None
        if error or not code:
            raise HospitalError("The hospital's sign-in was broken off there", "a sign-in to its end", "begin again")
        subject = hospital.prove(errand, state, code, now)
        if errand.linking:
            return _linked(request, f"{hospital.issuer} {subject}")
        account = house.accounts.by_subject(f"{hospital.issuer} {subject}")
        if account is None or not account.active:
            hint = marked("sign in with your password once and link it under Account, or ask your administrator")
            raise HospitalError("No account here is linked with this sign-in", "a linked account", hint)
    except PeritiaError as refused:
        house.throttle.failed(f"hospital of {address}", address, now)
        request.state.note = "hospital sign-in refused"
        ensure_session(request, house)
        return door(request, status=401, message=f"{told_error(refused)}.")
    enter(request, account, strong=True)
    request.state.note = "signed in through the hospital"
    return RedirectResponse(inside(errand.next), status_code=303)


@router.post("/account/hospital/remove")
def unlink(request: Request) -> Response:
    """End the link."""
    house_of(request).accounts.change(account_of(request).id, subject="")
    request.state.session.notice = _("The link with the hospital's sign-in was ended.")
    return RedirectResponse("/account", status_code=303)


def _linked(request: Request, subject: str) -> Response:
    house, account = house_of(request), request.state.account
    if account is None:
        raise HospitalError("The sign-in here ended in between", "a sign-in", "sign in and link again")
    other = house.accounts.by_subject(subject)
    if other is not None and other.id != account.id:
        raise HospitalError("This sign-in is linked with another account", "one account for one person", "ask your administrator")
    house.accounts.change(account.id, subject=subject)
    request.state.session.notice = _("Linked. From now on the hospital's sign-in opens this account.")
    request.state.note = "linked with the hospital"
    return RedirectResponse("/account", status_code=303)


def _send(request: Request, *, next: str, linking: bool) -> Response:
    try:
        address, request.state.session.errand = _hospital(request).ask(house_of(request).now(), next=next, linking=linking)
    except PeritiaError as refused:
        request.state.note = "hospital sign-in did not begin"
        return door(request, status=502, message=f"{told_error(refused)}.")
    return RedirectResponse(address, status_code=303)


def _hospital(request: Request) -> Hospital:
    hospital = house_of(request).hospital
    if hospital is None:
        raise HTTPException(404, "There is no such page.")
    return hospital
