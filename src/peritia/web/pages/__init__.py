"""The pages, one module a subject. Each has a router; the routes' rules stand in ``policy``."""

from __future__ import annotations

from peritia.web.pages import (
    administration,
    after,
    audit,
    board,
    calendar,
    case,
    course,
    deciding,
    entering,
    keys,
    knowledge,
    panels,
    patients,
    session,
    signing_in,
    static,
)

ROUTERS = tuple(
    module.router
    for module in (
        static,
        signing_in,
        keys,
        patients,
        case,
        entering,
        panels,
        board,
        deciding,
        course,
        after,
        session,
        calendar,
        knowledge,
        administration,
        audit,
    )
)
