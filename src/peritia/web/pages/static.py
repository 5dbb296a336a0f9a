"""The files that pages use: style, scripts, type, the sign on the tab. A short list; nothing else can be asked for."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.exceptions import HTTPException

router = APIRouter()
_KINDS = {
    "app.css": "text/css; charset=utf-8",
    "app.js": "text/javascript; charset=utf-8",
    "theme.js": "text/javascript; charset=utf-8",
    "passkey.js": "text/javascript; charset=utf-8",
    "htmx.min.js": "text/javascript; charset=utf-8",
    "sign.svg": "image/svg+xml",
}
_FACES = ("Regular", "SemiBold", "Italic")


@router.get("/static/{name}")
def static_file(name: str) -> Response:
    """One file. The page names it with its hash, so it may be kept for a year."""
    found = _read(name)
    if found is None:
        raise HTTPException(404, "There is no such file.")
    data, kind = found
    return Response(data, media_type=kind, headers={"Cache-Control": "public, max-age=31536000, immutable"})


@router.get("/health")
def health() -> Response:
    """For whoever watches the server: it answers."""
    return Response("ok", media_type="text/plain")


@lru_cache(maxsize=32)
def _read(name: str) -> tuple[bytes, str] | None:
    if name in _KINDS:
        return files("peritia.web").joinpath("static", name).read_bytes(), _KINDS[name]
    for face in _FACES:
        if name == f"{face}.woff2":
            return files("peritia.report").joinpath("fonts", f"AtkinsonHyperlegibleNext-{face}.woff2").read_bytes(), "font/woff2"
    return None
