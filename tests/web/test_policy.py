"""Every route against every role and centre, generated from the application's own routes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.routing import BaseRoute
from web_clinic import Browser

from peritia.web import api, pages
from peritia.web.accounts import ROLES
from peritia.web.policy import POLICY, READS, allows, rule_for


def routes(of: list[BaseRoute]) -> Iterator[tuple[str, str]]:
    """Method and path of every route, routers unfolded."""
    for route in of:
        inner = getattr(route, "original_router", route)
        if hasattr(inner, "routes"):
            yield from routes(list(inner.routes))
        else:
            for method in sorted(inner.methods - {"HEAD", "OPTIONS"}):
                yield method, inner.path


ROUTES = sorted({one for router in (*pages.ROUTERS, *api.ROUTERS) for one in routes(list(router.routes))})
FILLED = {
    "case_id": "maria",
    "section": "performance",
    "entry": "primary-2",
    "kind": "treatments",
    "name": "pipac",
    "account": "viewer-north",
}


def filled(path: str) -> str:
    if path.startswith("/static"):
        return "/static/app.css"
    return re.sub(r"\{(\w+)\}", lambda found: FILLED.get(found[1], "none"), path)


def asked(browser: Browser, method: str, path: str):
    """The route, asked with the session's token and nothing else."""
    if method == "GET":
        return browser.get(filled(path))
    if method == "POST":
        return browser.post(filled(path))
    return browser.client.request(method, filled(path), data={"csrf": browser.token})


def test_every_route_has_a_rule_and_every_rule_a_route(app: FastAPI) -> None:
    served = {f"{method} {path}" for method, path in routes(list(app.routes))}
    assert served == {f"{method} {path}" for method, path in ROUTES}
    assert served == set(POLICY)


def test_a_route_without_a_rule_is_denied(app: FastAPI, clinician: Browser) -> None:
    app.add_api_route("/forgotten", lambda: "secret", methods=["GET"])
    answer = clinician.get("/forgotten")
    assert answer.status_code == 403
    assert "secret" not in answer.text


@pytest.mark.parametrize("role", [*ROLES, "nobody"])
def test_every_route_lets_in_whom_its_rule_names(clinic: FastAPI, role: str) -> None:
    browser = Browser(clinic)
    if role != "nobody":
        assert browser.sign_in(f"{role}-north").status_code == 303
    account = clinic.state.house.accounts.get(f"{role}-north")
    wrong = []
    for method, path in ROUTES:
        if path in ("/sign-out", "/account/password"):
            continue
        rule = rule_for(method, path)
        assert rule is not None
        answer = asked(browser, method, path)
        refused = (401, 403) if path.startswith("/api/") else (403,)
        denied = answer.status_code in refused or (answer.status_code == 303 and answer.headers["location"].startswith("/sign-in"))
        asked_to_sign_in = role == "nobody" and rule.scope != "open"
        if path == "/sign-in" and role != "nobody":
            continue
        if denied == (allows(rule, account) and not asked_to_sign_in) and path not in ("/set-up", "/sign-in/second"):
            wrong.append((method, path, answer.status_code))
        if answer.status_code >= 500:
            wrong.append((method, path, answer.status_code))
    assert not wrong


@pytest.mark.parametrize("role", ROLES)
def test_a_case_of_another_centre_is_not_there(clinic: FastAPI, role: str) -> None:
    browser = Browser(clinic)
    browser.sign_in(f"{role}-south")
    account = clinic.state.house.accounts.get(f"{role}-south")
    for method, path in ROUTES:
        rule = rule_for(method, path)
        if rule is None or rule.scope != "case":
            continue
        answer = asked(browser, method, path)
        assert answer.status_code == (404 if allows(rule, account) else 403), path
        assert "Colon cancer" not in answer.text
    if account.has(*READS.roles):
        assert "maria" not in browser.get("/patients").text


def test_an_unknown_case_reads_like_a_foreign_one(clinic: FastAPI) -> None:
    browser = Browser(clinic)
    browser.sign_in("clinician-south")
    foreign, unknown = (browser.get(f"/patients/{case}").text.replace(case, "X") for case in ("maria", "nobody"))
    strip = re.compile(r'value="[^"]*"')
    assert strip.sub("", foreign) == strip.sub("", unknown)


def test_a_closed_account_is_out_at_once(clinic: FastAPI, clinician: Browser) -> None:
    assert clinician.get("/patients").status_code == 200
    clinic.state.house.accounts.change("clinician-north", active=False)
    assert clinician.get("/patients").status_code == 303
