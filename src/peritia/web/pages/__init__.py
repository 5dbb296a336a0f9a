"""The pages, one module a subject. Each has a router; the routes' rules stand in ``policy``."""

from __future__ import annotations

from peritia.web.pages import (
    administration,
    audit,
    board,
    case,
    course,
    deciding,
    entering,
    knowledge,
    panels,
    patients,
    signing_in,
    static,
)

ROUTERS = tuple(
    module.router
    for module in (static, signing_in, patients, case, entering, panels, board, deciding, course, knowledge, administration, audit)
)
