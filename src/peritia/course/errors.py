"""Why the course refuses: a plan that cannot be made, a step that may not be taken."""

from __future__ import annotations

from peritia.errors import PeritiaError


class CourseRefused(PeritiaError):
    """What was asked cannot be done with this case, regimen or date. Nothing was changed."""


class StepRefused(CourseRefused):
    """An event that the session does not allow now. ``found``, ``expected`` and ``hint`` say why, what comes next, what to try."""
