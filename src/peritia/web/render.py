"""Fills the templates. Everything is escaped but our own drawings."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from peritia import __version__
from peritia.knowledge import library
from peritia.report.verdict_mark import verdict_mark
from peritia.web.forms import section_label
from peritia.web.language import LANGUAGES, _, coded, language, measured, plural, spoken
from peritia.web.policy import SEES, allows, rule_for
from peritia.web.security.guard import house_of

_VERDICTS = ("open", "open-with-flags", "depends", "closed")


def page(request: Request, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """A page of the application, with what every page shows."""
    house = house_of(request)
    session, account = request.state.session, request.state.account
    notice = undo = ""
    emergency = getattr(request.state, "emergency", None)
    if session is not None and "HX-Request" not in request.headers:
        notice, undo = session.notice, session.undo
        session.notice = session.undo = ""

    def may(route: str) -> bool:
        method, path = route.split(" ", 1)
        rule = rule_for(method, path)
        return allows(rule, account) and (emergency is None or rule is None or rule.scope != "case" or rule == SEES)

    text = (
        _environment()
        .get_template(template)
        .render(
            account=account,
            language=language(),
            languages=LANGUAGES,
            token=session.token if session else "",
            notice=notice,
            undo=undo,
            emergency=emergency,
            request_key=secrets.token_hex(12),
            may=may,
            demo=house.settings.demo,
            today=house.today(),
            path=request.url.path,
            now=house.now(),
            **context,
        )
    )
    return HTMLResponse(text, status_code=status)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    made = Environment(
        loader=FunctionLoader(_text),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(_, plural, newstyle=True)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    made.filters.update(drawn=Markup, day=_day, moment=_moment, number=_number, coded=coded, section=section_label, brief=_brief, said=_)
    shared: dict[str, Any] = {
        "w": _Spoken(),
        "mark": {key: Markup(verdict_mark(key)) for key in _VERDICTS},
        "stamp": stamp(),
        "version": __version__,
        "knowledge_version": library().version,
    }
    made.globals.update(shared)
    return made


class _Spoken:
    """The report's words, in the language of whoever reads."""

    def __call__(self, key: str) -> str:
        return spoken()(key)

    def value(self, value: bool | int | float | str | None, unit: str | None = None) -> str:
        """A value with its unit, its decimal point kept."""
        return measured(value, unit)

    def __getattr__(self, name: str) -> Any:
        return getattr(spoken(), name)


def _number(value: float) -> str:
    return measured(value)


def warm() -> None:
    """Read the library and the templates before the first visitor: many first visitors at once would each do it."""
    environment = _environment()
    for entry in files("peritia.web").joinpath("templates").iterdir():
        environment.get_template(entry.name)


def _text(name: str) -> tuple[str, str, None]:
    return files("peritia.web").joinpath("templates", name).read_text(encoding="utf-8"), name, None


def _day(value: date | datetime | str | None) -> str:
    if isinstance(value, str):
        value = date.fromisoformat(value[:10]) if value else None
    return spoken().day(value.date() if isinstance(value, datetime) else value)


def _moment(value: str) -> str:
    """A time of the record (UTC) in the server's own zone."""
    at = datetime.fromisoformat(value.replace("Z", "+00:00")).astimezone()
    return f"{_day(at)}, {at:%H:%M}"


def _brief(value: str) -> str:
    return value if len(value) <= 90 else value[:88] + " …"


@lru_cache(maxsize=1)
def stamp() -> str:
    """A short hash over everything static: a browser fetches it anew when the program changes, and never otherwise."""
    found = sha256()
    for entry in sorted(files("peritia.web").joinpath("static").iterdir(), key=lambda one: one.name):
        found.update(entry.read_bytes())
    return found.hexdigest()[:10]
