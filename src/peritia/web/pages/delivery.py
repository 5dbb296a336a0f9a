"""Where the drug of a planned session goes: simulated on demand in the background, kept beside the record, shown as map, table, curves."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, cast

import msgspec
from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from peritia import __version__
from peritia.course import CourseRefused, SessionPlan
from peritia.errors import PeritiaError
from peritia.knowledge import library
from peritia.store import Add
from peritia.web.assessed import Assessed
from peritia.web.language import _
from peritia.web.pages.case import assessed_of, day_of, row_of
from peritia.web.render import page
from peritia.web.security.guard import Form, house_of
from peritia.web.simulating import Asked, Running, Shown, Simulations
from peritia.web.writing import write

router = APIRouter()
_Regimen = Annotated[str, Query(max_length=80)]
_BODY = ("sex", "height_cm", "weight_kg")


class Simulated(msgspec.Struct, frozen=True, kw_only=True):
    """The simulation that belongs to a plan: made, under way, not asked for yet, or not possible and why."""

    regimen: str
    formula: str
    on: str
    key: str = ""
    shown: Shown | None = None
    running: Running | None = None
    refused: str = ""
    taken: bool = False


@router.get("/patients/{case_id}/delivery")
def delivery_page(
    request: Request,
    regimen: _Regimen,
    on: Annotated[str, Query(max_length=10)] = "",
    formula: Annotated[str, Query(max_length=20)] = "mosteller",
) -> Response:
    """As it stands. Asked for by the page itself while it runs, it answers with its part alone."""
    found = simulated(request, assessed_of(request, ""), regimen, formula, on)
    part = "HX-Request" in request.headers
    return page(request, "delivery-parts.html.j2" if part else "delivery.html.j2", c=assessed_of(request, ""), sim=found, tab="session")


@router.post("/patients/{case_id}/delivery")
def start(request: Request, form: Form) -> Response:
    """Begin; what is made already is not made again."""
    regimen, formula, on = form.one("regimen"), form.one("formula", "mosteller"), form.one("on")
    case = assessed_of(request, "")
    found = simulated(request, case, regimen, formula, on)
    if found.refused:
        raise CourseRefused(found.refused.rstrip("."), "a plan that can be simulated")
    if found.shown is None:
        house = house_of(request)
        asked = _asked(request, regimen, formula, on)
        _simulations(house.settings.data).start(f"{case.row.case_id}/{found.key}", asked, house.now())
    return RedirectResponse(f"/patients/{case.row.case_id}/delivery?regimen={regimen}&formula={formula}&on={on}", status_code=303)


@router.post("/patients/{case_id}/delivery/{key}/take")
def take(request: Request, key: str, form: Form) -> Response:
    """The simulation's figures as an entry of the case: inferred, with the model's name. No criterion rests on them."""
    case, shown = row_of(request), _of_key(request, key)
    if shown is None or shown.prediction is None:
        raise HTTPException(404, "There is no such simulation.")
    written = write(request, case, [Add(section="predicted", payload=shown.prediction)], form)
    if written.receipt is None:
        raise CourseRefused(
            "somebody else wrote to this case in between", "the case as it is now", "look at the simulation again and take it"
        )
    session = request.state.session
    session.notice = _("Written: what the simulation predicted. It stands among the facts as inferred.")
    session.undo = f"/patients/{case.case_id}/entries/{written.receipt.entries[-1]}/undo"
    return RedirectResponse(f"/patients/{case.case_id}", status_code=303)


@router.get("/patients/{case_id}/delivery/{key}/{figure}")
def figure(request: Request, key: str, figure: str) -> Response:
    """One figure of a simulation that is made."""
    shown = _of_key(request, key)
    drawn = shown.figure(figure.removesuffix(".svg")) if shown is not None else ""
    if not drawn:
        raise HTTPException(404, "There is no such figure.")
    return Response(drawn, media_type="image/svg+xml", headers={"Cache-Control": "private, max-age=3600"})


def _of_key(request: Request, key: str) -> Shown | None:
    """A simulation of the case by its name; a name of another shape names none."""
    if not (key.isalnum() and len(key) == 24):
        return None
    return _simulations(house_of(request).settings.data).shown(f"{row_of(request).case_id}/{key}")


def simulated(request: Request, case: Assessed, regimen: str, formula: str, on: str) -> Simulated:
    """How the simulation of a regimen for a case stands. A plan that cannot be simulated says why."""
    base = Simulated(regimen=regimen, formula=formula, on=on)
    try:
        asked = _asked(request, regimen, formula, on)
    except PeritiaError as refused:
        return msgspec.structs.replace(base, refused=f"{refused}.")
    key, known = _key(asked), _simulations(house_of(request).settings.data)
    name = f"{case.row.case_id}/{key}"
    shown = known.shown(name)
    taken = shown is not None and shown.prediction in case.case.predicted
    return msgspec.structs.replace(base, key=key, shown=shown, running=None if shown else known.running(name), taken=taken)


def simulated_of(request: Request, plan: SessionPlan) -> Simulated:
    """The simulation that belongs to a session's plan."""
    return simulated(request, assessed_of(request, ""), plan.regimen, plan.formula, plan.on.isoformat())


def _asked(request: Request, regimen: str, formula: str, on: str) -> Asked:
    """What would be simulated, by the facts of the session's day. A simulation knows no check and stops nothing."""
    if regimen not in library().regimens:
        raise CourseRefused(f"no regimen is named {regimen[:60]!r}", "one of the regimens on file")
    if formula not in ("mosteller", "dubois", "haycock"):
        raise CourseRefused("there is no such body surface formula", "mosteller, dubois or haycock")
    day = day_of(on) if on else house_of(request).today()
    facts = assessed_of(request, day.isoformat()).facts
    if missing := [name.split("_")[0] for name in _BODY if facts[name].value is None]:
        raise CourseRefused(f"the case does not tell {', '.join(missing)}", "sex, height and weight")
    return Asked(on=day, regimen=regimen, formula=cast("Any", formula), facts=facts)


def _key(asked: Asked) -> str:
    """A name for all that the solver's plan is made of: program, library, regimen, formula, body, and the day for which it was asked.

    Drugs given before are left out: they change warnings and no number, and the session itself adds to them once it is given.
    """
    plain = [__version__, library().hash, asked.regimen, asked.formula, asked.on, [asked.facts[name].value for name in _BODY]]
    return hashlib.sha256(msgspec.json.encode(plain)).hexdigest()[:24]


@lru_cache(maxsize=4)
def _simulations(data: Path) -> Simulations:
    return Simulations(data / "deliveries")
