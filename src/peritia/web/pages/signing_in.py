"""Set-up, sign-in, sign-out, the own account."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from peritia.web.accounts import Account, AccountError, weakness
from peritia.web.demo import DEMO_PASSWORD
from peritia.web.house import House
from peritia.web.language import _, told_error
from peritia.web.policy import READS
from peritia.web.render import page
from peritia.web.security.guard import Form, Posted, account_of, house_of

router = APIRouter()


@router.get("/sign-in")
def sign_in_page(request: Request, next: Annotated[str, Query(max_length=300)] = "") -> Response:
    """The door."""
    house = house_of(request)
    if len(house.accounts) == 0:
        return RedirectResponse("/set-up", status_code=303)
    if request.state.account is not None:
        return RedirectResponse("/", status_code=303)
    ensure_session(request, house)
    return door(request, next=next)


@router.post("/sign-in")
def sign_in(request: Request, form: Form) -> Response:
    """Check name and password. What is wrong is never said more closely than 'one of the two'."""
    house = house_of(request)
    name, address, now = form.one("name").casefold()[:60], address_of(request), house.now()
    wait = house.throttle.wait(name, address, now)
    if wait:
        answer = door(
            request,
            status=429,
            name=name,
            message=too_many(wait),
            next=form.one("next"),
        )
        answer.headers["Retry-After"] = str(int(wait.total_seconds()) + 1)
        return answer
    account = house.accounts.get(name)
    right = house.passwords.fits(account.password if account else "", form.given.get("password", [""])[-1])
    if account is None or not right or not account.active:
        house.throttle.failed(name, address, now)
        request.state.note = "sign-in refused"
        return door(request, status=401, name=name, message=_("Name or password is wrong."), next=form.one("next"))
    if house.second.is_asked(account):
        _wait(request, account)
        return RedirectResponse(f"/sign-in/second?next={quote(inside(form.one('next')))}", status_code=303)
    house.throttle.succeeded(name)
    enter(request, account)
    return RedirectResponse(inside(form.one("next")), status_code=303)


def _wait(request: Request, account: Account) -> None:
    """A new session that knows whose password was right and lets nobody in yet."""
    house, before = house_of(request), request.state.session
    house.sessions.end(request.cookies.get(house.cookie, ""))
    number, session = house.sessions.begin(house.now(), epoch=account.epoch)
    session.waiting, session.language = account.id, before.language if before else ""
    request.state.session, request.state.new_session, request.state.note = session, number, "password right"


def too_many(wait: timedelta) -> str:
    """Why the door is closed, and for how long."""
    return _("Too many attempts. The door opens again in {minutes} minutes.").format(minutes=int(wait.total_seconds() // 60) + 1)


def enter(request: Request, account: Account, *, strong: bool = False) -> None:
    """Begin the session of a person who proved who they are. The number from before sign-in is thrown away."""
    house = house_of(request)
    house.sessions.end(request.cookies.get(house.cookie, ""))
    before = request.state.session
    number, session = house.sessions.begin(house.now(), account=account.id, epoch=account.epoch)
    session.language, session.strong = before.language if before else "", strong
    request.state.session, request.state.account, request.state.new_session = session, account, number
    request.state.note = "signed in"


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """The way out."""
    house = house_of(request)
    house.sessions.end(request.cookies.get(house.cookie, ""))
    request.state.new_session = ""
    return RedirectResponse("/sign-in", status_code=303)


@router.get("/set-up")
def set_up_page(request: Request) -> Response:
    """First run: nobody can sign in yet, so somebody becomes the administrator."""
    house = house_of(request)
    if len(house.accounts):
        return RedirectResponse("/sign-in", status_code=303)
    ensure_session(request, house)
    return page(request, "set-up.html.j2", typed={"centre": house.settings.centre}, messages={})


@router.post("/set-up")
def set_up(request: Request, form: Form) -> Response:
    """Make the first administrator and sign in."""
    house = house_of(request)
    if len(house.accounts):
        return RedirectResponse("/sign-in", status_code=303)
    typed = {name: form.one(name) for name in ("id", "name", "centre", "treats")}
    messages = _new_password(form, typed["id"], typed["name"])
    messages |= {name: _("This is needed.") for name in ("id", "name", "centre") if not typed[name]}
    if not messages:
        account = Account(
            id=typed["id"].casefold(),
            name=typed["name"][:100],
            roles=("administrator", "clinician") if typed["treats"] else ("administrator",),
            centres=(typed["centre"][:60],),
            password=house.passwords.hash(form.given["password"][-1]),
            made_at=house.now().isoformat(timespec="seconds"),
        )
        try:
            house.accounts.add(account, first=True)
        except AccountError as error:
            messages["id"] = told_error(error)
        else:
            enter(request, account)
            return RedirectResponse("/", status_code=303)
    return page(request, "set-up.html.j2", status=422, typed=typed, messages=messages)


@router.get("/")
def start(request: Request) -> Response:
    """Where work begins: patients, or the administration for who may not see any."""
    treats = account_of(request).has(*READS.roles)
    return RedirectResponse("/patients" if treats else "/administration", status_code=303)


@router.get("/account")
def own_account(request: Request) -> Response:
    """The own account."""
    return page(request, "account.html.j2", messages={}, passkeys=house_of(request).passkeys.possible, hospital=_label(request))


@router.post("/account/password")
def change_password(request: Request, form: Form) -> Response:
    """A new password; every other sign-in of the account ends."""
    house, account = house_of(request), account_of(request)
    messages = _new_password(form, account.id, account.name)
    if not house.passwords.fits(account.password, form.given.get("old", [""])[-1]):
        messages["old"] = _("This is not your present password.")
    if messages:
        return page(request, "account.html.j2", status=422, messages=messages, passkeys=house.passkeys.possible, hospital=_label(request))
    changed = house.accounts.change(
        account.id, password=house.passwords.hash(form.given["password"][-1]), epoch=account.epoch + 1, must_change=False
    )
    house.sessions.end_all(account.id)
    enter(request, changed)
    request.state.session.notice = _("Your password was changed. Every other sign-in of yours has ended.")
    return RedirectResponse("/account", status_code=303)


def _label(request: Request) -> str:
    house = house_of(request)
    return house.settings.oidc_label if house.hospital else ""


def _new_password(form: Posted, *own: str) -> dict[str, str]:
    password, again = form.given.get("password", [""])[-1], form.given.get("again", [""])[-1]
    if refused := weakness(password, *own):
        return {"password": refused}
    return {} if password == again else {"again": _("The two are not the same.")}


def door(request: Request, *, status: int = 200, name: str = "", message: str = "", next: str = "") -> Response:
    """The door's page."""
    house = house_of(request)
    return page(
        request,
        "sign-in.html.j2",
        status=status,
        name=name,
        message=message,
        next=inside(next),
        password=DEMO_PASSWORD if house.settings.demo else "",
        passkeys=house.passkeys.possible,
        hospital=house.settings.oidc_label if house.hospital else "",
    )


def inside(path: str) -> str:
    """A path of this server, or the start."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) and "\\" not in path and path.isprintable() else "/"


def ensure_session(request: Request, house: House) -> None:
    """A session for a browser that has none yet: forms need its token."""
    if request.state.session is None:
        number, session = house.sessions.begin(house.now())
        request.state.session, request.state.new_session = session, number


def address_of(request: Request) -> str:
    """Where a request comes from, as the server or its proxy says."""
    return request.client.host if request.client else ""
