"""Numerical failure is a named outcome. Each error says what was found, what was expected, and what to try."""

from __future__ import annotations

from peritia.errors import PeritiaError


class NumericsError(PeritiaError):
    """Base of every failure of the numerical floor."""


class EmptyCavity(NumericsError):
    """The mask holds no fluid cell."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        super().__init__(
            f"The cavity mask of shape {shape} holds no fluid cell",
            "at least one fluid cell",
            "Check the labels, the inflation volume and the spacing; a finer grid may be needed",
        )


class DisconnectedCavity(NumericsError):
    """The mask falls into pockets that no fluid path joins; ``sizes`` lists their cell counts, largest first."""

    def __init__(self, sizes: tuple[int, ...]) -> None:
        self.sizes = sizes
        shown = ", ".join(str(size) for size in sizes[:6]) + (", ..." if len(sizes) > 6 else "")
        super().__init__(
            f"The cavity falls into {len(sizes)} pockets that do not touch by a cell face (cells: {shown})",
            "one connected cavity",
            "Keep the largest with MaskedGrid.largest_pocket(), refine the grid, or open the gap between the organs",
        )


class MisshapenField(NumericsError):
    """An array does not fit the grid."""

    def __init__(self, name: str, found: tuple[int, ...], expected: tuple[int, ...]) -> None:
        super().__init__(f"{name} has shape {found}", f"shape {expected}", "Pass one value per cell of the grid, without padding")


class InvalidParameter(NumericsError):
    """A number lies outside the range in which the method holds."""

    def __init__(self, name: str, value: object, expected: str, hint: str = "") -> None:
        self.name = name
        super().__init__(f"{name} is {value}", expected, hint)


class NotConverged(NumericsError):
    """An iteration stopped above its tolerance; ``residual`` and ``target`` tell by how much."""

    def __init__(self, what: str, iterations: int, residual: float, target: float) -> None:
        self.iterations = iterations
        self.residual = residual
        self.target = target
        super().__init__(
            f"{what} stands at residual {residual:.3g} after {iterations} iterations",
            f"{target:.3g} or less",
            "Loosen the tolerance, allow more iterations, use double precision, or check for cells of near-zero openness",
        )


class Diverged(NumericsError):
    """A field left the range of finite numbers."""

    def __init__(self, what: str, time: float, largest: float) -> None:
        self.time = time
        self.largest = largest
        super().__init__(
            f"{what} diverged at {time:.4g} s (largest value {largest:.3g})",
            "finite values",
            "Use a smaller step (a lower Courant number), a finer grid, or a larger viscosity",
        )


class UnstableStep(NumericsError):
    """An explicit step is longer than the scheme allows."""

    def __init__(self, what: str, step: float, limit: float) -> None:
        self.limit = limit
        super().__init__(
            f"{what} was asked to step {step:.3g} s", f"{limit:.3g} s or less", "Take shorter steps or use the implicit scheme"
        )


class UnbalancedFlow(NumericsError):
    """Fluid enters a closed cavity, or leaves one that nothing feeds."""

    def __init__(self, net: float) -> None:
        self.net = net
        super().__init__(
            f"A net {net:.4g} m3/s enters a cavity without outlet",
            "inflow equal to outflow, or an outlet",
            "Add an outlet, or balance the sources and sinks",
        )


class BlockedPlace(NumericsError):
    """A point that must lie in fluid lies in solid or outside the grid."""

    def __init__(self, what: str, place: tuple[float, ...]) -> None:
        shown = ", ".join(f"{1000 * value:.1f}" for value in place)
        super().__init__(f"{what} at ({shown}) mm is not in the cavity", "a place in the fluid", "Move it towards the middle of the cavity")
