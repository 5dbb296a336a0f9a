"""Tokens for programs: made, shown once, and revoked by the person they act for."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from peritia.web.accounts import TOKEN_SCOPES, AccountError, TokenScope, is_alive, make_token
from peritia.web.language import _, told_error
from peritia.web.pages.signing_in import address_of
from peritia.web.render import page
from peritia.web.security.guard import Form, account_of, house_of

router = APIRouter()


@router.get("/account/tokens")
def tokens(request: Request) -> Response:
    """The tokens that stand."""
    return _tokens(request, {}, ("read",), {})


@router.post("/account/tokens")
def make(request: Request, form: Form) -> Response:
    """A new token. The password is asked for: a stolen session must not turn into something that outlives it."""
    house, account, now = house_of(request), account_of(request), house_of(request).now()
    scopes: tuple[TokenScope, ...] = tuple(scope for scope in TOKEN_SCOPES if scope in form.many("scopes"))
    typed = {"label": form.one("label"), "days": form.one("days")}
    most = house.settings.token_days
    messages = {} if scopes else {"scopes": _("Choose what the token may do.")}
    if not typed["days"].isdigit() or not 1 <= int(typed["days"][:6]) <= most:
        messages["days"] = _("A whole number from 1 to {most} is needed.").format(most=most)
    if house.throttle.wait(account.id, address_of(request), now):
        messages["password"] = _("Too many attempts. Wait a quarter of an hour.")
    elif not house.passwords.fits(account.password, form.given.get("password", [""])[-1]):
        house.throttle.failed(account.id, address_of(request), now)
        messages["password"] = _("This is not your present password.")
    if not messages:
        try:
            text, _kept = make_token(house.accounts, account, typed["label"], scopes, int(typed["days"]), now)
        except AccountError as refused:
            messages[""] = f"{told_error(refused)}."
        else:
            request.state.account = house.accounts.get(account.id)
            return _tokens(request, {}, ("read",), {}, made=text)
    return _tokens(request, typed, scopes, messages)


@router.post("/account/tokens/revoke")
def revoke(request: Request, form: Form) -> Response:
    """End a token at once."""
    house, account = house_of(request), account_of(request)
    house.accounts.change(account.id, tokens=tuple(one for one in account.tokens if one.id != form.one("token")))
    request.state.session.notice = _("The token was revoked.")
    return RedirectResponse("/account/tokens", status_code=303)


def _tokens(request: Request, typed: dict[str, str], scopes: tuple[str, ...], messages: dict[str, str], *, made: str = "") -> Response:
    house, account = house_of(request), account_of(request)
    return page(
        request,
        "tokens.html.j2",
        status=422 if messages else 200,
        tokens=[one for one in account.tokens if is_alive(one, account, house.now())],
        scopes=TOKEN_SCOPES,
        chosen=scopes,
        typed={"days": str(house.settings.token_days)} | typed,
        most=house.settings.token_days,
        messages=messages,
        made=made,
    )
