"""What can be wrong with a plan, a saved delivery or a run, by name, with what to try."""

from __future__ import annotations

from peritia.errors import PeritiaError


class PlanRefused(PeritiaError):
    """A plan that cannot be made or cannot be simulated."""


class DeliveryRefused(PeritiaError):
    """A saved delivery that cannot be read, or two that cannot be compared."""


class OutOfBalance(PeritiaError):
    """Drug, liquid, heat or parcels were lost or made: the result is not handed out."""

    def __init__(self, what: str, error: float, limit: float) -> None:
        super().__init__(
            f"The balance of {what} is off by {error:.2e} of the whole", f"at most {limit:.0e}", "report this plan and anatomy as a fault"
        )
