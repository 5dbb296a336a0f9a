"""JSON in and out: a body read into its noun with the place of what is wrong, an answer written from its noun."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec
from fastapi import Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from peritia.errors import InputRefused, Problem

_T = TypeVar("_T")


def told(answer: object, *, status: int = 200) -> Response:
    """An answer. Keys of a mapping that are numbers become texts, as JSON has it."""
    return Response(msgspec.json.encode(answer), status_code=status, media_type="application/json")


def read(shape: type[_T]) -> Callable[[Request], Awaitable[_T]]:
    """A dependency that reads the request's body into the shape. Raises ``InputRefused`` with the path of what does not fit."""
    decoder = msgspec.json.Decoder(shape)

    async def reading(request: Request) -> Any:
        if request.headers.get("content-type", "").split(";")[0].strip().casefold() != "application/json":
            raise HTTPException(415, "The body must be JSON and say so: Content-Type: application/json.")
        data = await request.body()
        try:
            return decoder.decode(data)
        except msgspec.ValidationError as error:
            message, _, path = str(error).partition(" - at ")
            raise InputRefused("body", (Problem(path.strip("`").removeprefix("$").removeprefix("."), None, message),)) from None
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            raise HTTPException(400, "The body is not JSON that can be read.") from None

    return reading
