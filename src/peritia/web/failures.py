"""Errors as pages: what was found, what was expected, what to try. What nobody foresaw gets a number, and no detail leaves the server."""

from __future__ import annotations

import logging
import secrets
import traceback

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from peritia.errors import InputRefused, PeritiaError, Problem
from peritia.store.errors import (
    CaseExists,
    CaseUnknown,
    EntryUnknown,
    EntryWithdrawn,
    NotYetSo,
    RecordBusy,
    RecordError,
    RecordFull,
    RecordUnreachable,
    RequestReused,
    VersionConflict,
)
from peritia.web.api.failing import problem
from peritia.web.language import _, marked
from peritia.web.render import page
from peritia.web.security.guard import API, SignInNeeded, TokenRefused, house_of, speak_to, who

LOG = logging.getLogger("peritia.web")
TITLES = {403: "Not for you", 404: "Not found", 405: "Not found", 409: "Somebody else was faster", 413: "Too large", 422: "Not taken over"}


def install(app: FastAPI) -> None:
    """Every error that can reach a browser."""
    app.add_exception_handler(SignInNeeded, _sign_in)
    app.add_exception_handler(TokenRefused, _token)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _query)
    app.add_exception_handler(PeritiaError, _known)
    app.add_exception_handler(Exception, _unforeseen)


async def _sign_in(request: Request, error: Exception) -> Response:
    if _is_for_program(request):
        found, expected = "Nobody is signed in", "a session, or a token as 'Authorization: Bearer ...'"
        return problem(401, found, expected, "make a token under Account, Tokens", headers={"WWW-Authenticate": "Bearer"})
    if "HX-Request" in request.headers:
        return Response(status_code=401, headers={"HX-Redirect": "/sign-in"})
    back = request.url.path if request.method == "GET" else "/"
    return RedirectResponse(f"/sign-in?next={back}" if back != "/" else "/sign-in", status_code=303)


async def _token(request: Request, error: Exception) -> Response:
    assert isinstance(error, TokenRefused)
    if error.wait:
        return problem(429, "Too many wrong tokens from this address", "", "wait", headers={"Retry-After": str(error.wait)})
    found, expected = "This token is none of ours, was revoked, or is over", "a token as it was shown when it was made"
    return problem(401, found, expected, "make another under Account, Tokens", headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})


async def _query(request: Request, error: Exception) -> Response:
    """Something in the address that cannot be used. What was typed is not repeated."""
    assert isinstance(error, RequestValidationError)
    problems = tuple(Problem(".".join(str(part) for part in one["loc"][1:]), None, str(one["msg"])) for one in error.errors())
    return await _known(request, InputRefused("address", problems))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if _is_for_program(request):
        return problem(error.status_code, *_HTTP.get(str(error.detail), (str(error.detail).rstrip("."), "", "")), headers=error.headers)
    if error.detail == "second-factor":
        return RedirectResponse("/account/second-factor", status_code=303)
    if error.detail == "change-password":
        return RedirectResponse("/account", status_code=303)
    found, expected, hint = str(error.detail), "", ""
    if error.detail == "stale-form":
        found, expected = marked("This form is too old, or it did not come from this server"), marked("a form opened since you signed in")
        hint = marked("Nothing was taken over. Go back, copy what you typed, reload the page and send it again")
    elif error.status_code in (404, 405):
        found, hint = marked("There is no such page"), marked("Start from the list of patients")
    return _page(request, error.status_code, found, expected, hint)


async def _known(request: Request, error: Exception) -> Response:
    assert isinstance(error, PeritiaError)
    status = next((code for kind, code in _STATUS if isinstance(error, kind)), 422)
    if _is_for_program(request):
        return problem(status, error.found, error.expected, error.hint, error=error)
    if isinstance(error, InputRefused):
        return _page(
            request,
            status,
            "; ".join(str(problem) for problem in error.problems),
            "",
            marked("Go back and correct it; nothing was written"),
        )
    return _page(request, status, error.found, error.expected, error.hint)


_STATUS: tuple[tuple[type[PeritiaError], int], ...] = (
    (CaseUnknown, 404), (EntryUnknown, 404), (NotYetSo, 404), (VersionConflict, 409), (CaseExists, 409), (EntryWithdrawn, 409),
    (RequestReused, 409), (RecordBusy, 503), (RecordFull, 503), (RecordUnreachable, 503), (RecordError, 500),
)  # fmt: skip
_HTTP = {
    "change-password": ("Your first password waits to be changed", "a password of your own", "sign in with a browser and change it"),
    "second-factor": (
        "This clinic asks your role for a second factor",
        "a passkey or an app's code",
        "sign in with a browser and set it up",
    ),
    "stale-form": ("The session's token is missing or wrong", "the header X-CSRF-Token as /api/v1/me gives it", "use a token instead"),
    "Not Found": ("There is nothing at this address", "an address of /api/v1/openapi.json", ""),
    "Method Not Allowed": ("This address does not know that method", "a method of /api/v1/openapi.json", ""),
}


async def _unforeseen(request: Request, error: Exception) -> Response:
    number = secrets.token_hex(4)
    places = " < ".join(
        f"{frame.name} {frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-6:][::-1]
    )
    LOG.error("incident %s: %s at %s", number, type(error).__name__, places)  # the error's own text may quote a patient and stays out
    if _is_for_program(request):
        return problem(500, "Something failed that nobody foresaw", "", f"tell your administrator the number {number}")
    return _page(
        request,
        500,
        "Something failed that nobody foresaw",
        "",
        _("Nothing was half-written. Tell your administrator the number {number}").format(number=number),
    )


def _is_for_program(request: Request) -> bool:
    return request.url.path.startswith(API)


def _page(request: Request, status: int, found: str, expected: str, hint: str) -> HTMLResponse:
    if not hasattr(request.state, "account"):  # no route matched, so no guard looked who this is
        request.state.session, request.state.account = who(house_of(request), request)
    speak_to(request)
    title = TITLES.get(status, marked("This did not work"))
    return page(request, "failure.html.j2", status=status, title=_(title), found=_(found), expected=_(expected), hint=_(hint))
