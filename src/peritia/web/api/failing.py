"""Errors for programs: problem details as JSON (RFC 9457), with what was found, what was expected and what to try."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

import msgspec
from fastapi.responses import Response

from peritia.errors import InputRefused
from peritia.store.errors import VersionConflict
from peritia.web.api.describing import Place, Problem


def problem(
    status: int,
    found: str,
    expected: str = "",
    hint: str = "",
    *,
    error: Exception | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """One problem as an answer. Of a refused input each place is named; of a conflict the version that the case has now."""
    refused = isinstance(error, InputRefused)
    told = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail="What was sent is refused whole; nothing was taken over" if refused else found,
        expected=expected,
        hint=hint,
        problems=tuple(Place(path=one.path, message=one.message, hint=one.hint) for one in error.problems) if refused else (),
        version=error.version if isinstance(error, VersionConflict) else None,
    )
    return Response(msgspec.json.encode(told), status_code=status, media_type="application/problem+json", headers=dict(headers or {}))
