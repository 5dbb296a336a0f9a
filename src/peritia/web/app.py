"""The application: pages joined, guarded, journaled. ``create_app`` takes its settings and its clock; nothing is read from the world."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from fastapi import Depends, FastAPI

from peritia.store.record import Record
from peritia.web import api, pages
from peritia.web import house as houses
from peritia.web.failures import install
from peritia.web.render import warm
from peritia.web.security.guard import guard
from peritia.web.security.headers import Hardened
from peritia.web.security.journaled import Journaled
from peritia.web.security.outbound import Fetch
from peritia.web.settings import Settings


def create_app(
    settings: Settings, record: Record, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC), fetch: Fetch | None = None
) -> FastAPI:
    """The application over an open record. It closes the record when it ends."""
    house = houses.build(settings, clock, record, fetch)
    warm()

    @asynccontextmanager
    async def life(_: FastAPI):
        yield
        house.journal.close(house.now())
        record.close()

    app = FastAPI(title="Peritia", openapi_url=None, docs_url=None, redoc_url=None, dependencies=[Depends(guard)], lifespan=life)
    app.state.house = house
    for router in (*pages.ROUTERS, *api.ROUTERS):
        app.include_router(router)
    install(app)
    app.add_middleware(Journaled, house=house)
    hosts = frozenset({settings.host, "127.0.0.1", "localhost", "::1", *settings.hosts})
    app.add_middleware(Hardened, hosts=hosts, https=settings.https, limit=settings.form_bytes)
    return app
