"""The pages, one module a subject. Each has a router; the routes' rules stand in ``policy``."""

from __future__ import annotations

from peritia.web.pages import (
    administration,
    after,
    audit,
    board,
    calendar,
    case,
    centre,
    course,
    deciding,
    delivery,
    emergency,
    entering,
    fact,
    hospital,
    keys,
    knowledge,
    panels,
    pathology,
    patients,
    second,
    session,
    signing_in,
    speaking,
    static,
    tokens,
)

ROUTERS = tuple(
    module.router
    for module in (
        static,
        signing_in,
        keys,
        hospital,
        second,
        speaking,
        tokens,
        emergency,
        patients,
        case,
        entering,
        fact,
        panels,
        board,
        deciding,
        course,
        after,
        pathology,
        delivery,
        session,
        calendar,
        centre,
        knowledge,
        administration,
        audit,
    )
)
