"""The OpenAPI document, worked out from the routes and the nouns' own types, and served by the server itself."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from fastapi.responses import Response
from starlette.routing import BaseRoute

from peritia import __version__
from peritia.web.api import audit, cases, course, entries, patients
from peritia.web.api.describing import PREFIX, SHAPES
from peritia.web.api.entries import ENTERED
from peritia.web.policy import rule_for

router = APIRouter(prefix=PREFIX)
_TITLE = "Peritia"
_ABOUT = (
    "The pages' verbs for programs. For research and education. Not a medical device: what an answer says is checked against the source "
    "records by a multidisciplinary team. Unknown stays unknown: a fact that nobody recorded is given as unknown, never as no."
)
_SCHEMES = {
    "token": {"type": "http", "scheme": "bearer", "description": "A person's token, made under Account, Tokens."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "peritia",
        "description": "A sign-in; writes need X-CSRF-Token, see /me.",
    },
}


@router.get("/openapi.json", include_in_schema=False)
def openapi() -> Response:
    """The document."""
    return Response(_encoded(), media_type="application/json")


@cache
def _encoded() -> bytes:
    return msgspec.json.encode(document())


def document() -> dict[str, Any]:
    """The whole document as a plain tree."""
    routes: list[BaseRoute] = [route for part in (patients, cases, entries, course, audit) for route in part.router.routes]
    made: dict[str, Any] = get_openapi(title=_TITLE, version=__version__, description=_ABOUT, routes=routes)
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            rule = rule_for(method.upper(), path)
            operation["operationId"] = operation["operationId"].split("_api_")[0].replace("_", "-")
            operation["x-roles"] = list(rule.roles) if rule else []
            operation["security"] = [{name: []} for name in _SCHEMES]
    nouns = {**SHAPES, **{one.type.__name__: one.type for one in ENTERED.values()}}
    _, schemas = msgspec.json.schema_components(list(nouns.values()), ref_template="#/components/schemas/{name}")
    made["components"] = {"schemas": schemas, "securitySchemes": _SCHEMES}
    return made
