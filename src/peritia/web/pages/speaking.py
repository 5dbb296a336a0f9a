"""The language of the pages: chosen at the foot of each, kept with the account; before sign-in with the session."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from peritia.web.language import LANGUAGES
from peritia.web.pages.signing_in import inside
from peritia.web.security.guard import Form, house_of

router = APIRouter()


@router.post("/language")
def choose(request: Request, form: Form) -> Response:
    """From now on in another language; what is no language changes nothing."""
    chosen, account = form.one("language"), request.state.account
    if chosen in LANGUAGES:
        request.state.session.language = chosen
        if account is not None:
            house_of(request).accounts.change(account.id, language=chosen)
    return RedirectResponse(inside(form.one("back")), status_code=303)
