"""What an operation takes and gives, said once beside its function; the OpenAPI document is put together from it."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import Path, Query

PREFIX = "/api/v1"
_DATE: dict[str, Any] = {"format": "date"}
CaseId = Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", description="The id of a case.")]
EntryId = Annotated[str, Path(max_length=64, pattern=r"^[a-z][a-z0-9_-]*$", description="The id of an entry.")]
Day = Annotated[str, Query(pattern=r"^(19|20)\d\d-\d\d-\d\d$", description="As of this day; today unless given.", json_schema_extra=_DATE)]
SHAPES: dict[str, type[Any]] = {}
"""Every shape that an operation names, by the name that the document gives it."""

_SAID = {
    400: "The request cannot be read.",
    401: "No sign-in and no token, or a token that is wrong, revoked or over.",
    403: "The person's roles or the token do not allow it, or the session's token is missing.",
    404: "There is no such thing among what the person may see.",
    409: "Somebody else wrote in between, the id or the request key is taken, or the first password waits to be changed.",
    413: "More than one request may hold.",
    415: "Not JSON.",
    422: "Something is wrong with what was sent; every problem with its path.",
    429: "Too many wrong tokens from this address.",
    503: "The record is busy or cannot be reached.",
}
_READING = (401, 403, 404, 409, 422, 429, 503)
_WRITING = (400, *_READING, 413, 415)


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What went wrong (RFC 9457). ``problems``: each with its path; ``version``: of the case, where somebody else wrote in between."""

    title: str
    status: int
    detail: str
    expected: str = ""
    hint: str = ""
    problems: tuple[Place, ...] = ()
    version: int | None = None


class Place(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One problem: where it is, what it is, what to try."""

    path: str
    message: str
    hint: str = ""


def describes(answer: type[Any] | None, *, status: int = 200, body: type[Any] | None = None, said: str = "Done.") -> dict[str, Any]:
    """The part of a route's declaration that the document is made from."""
    errors = _READING if body is None else _WRITING
    content = {"application/json": {"schema": _reference(answer)}} if answer else {}
    responses: dict[int | str, dict[str, Any]] = {status: {"description": said, "content": content}}
    problem = {"application/problem+json": {"schema": _reference(Problem)}}
    responses |= {code: {"description": _SAID[code], "content": problem} for code in errors}
    extra = {"requestBody": {"required": True, "content": {"application/json": {"schema": _reference(body)}}}} if body else {}
    return {"responses": responses, "openapi_extra": extra, "status_code": status, "response_model": None}


def _reference(shape: type[Any]) -> dict[str, Any]:
    SHAPES[shape.__name__] = shape
    return {"$ref": f"#/components/schemas/{shape.__name__}"}
