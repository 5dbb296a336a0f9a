"""Numerics on masked grids: elliptic equations, flow, scalar transport, droplets, columns, ordinary equations. SI units; no medicine."""

from __future__ import annotations

from peritia.numerics.boundary import Boundary, BoundaryFaces, Inlet, Moving, Outlet, Slip, Source, boundary_faces
from peritia.numerics.elliptic import Dirichlet, Elliptic, elliptic
from peritia.numerics.errors import (
    BlockedPlace,
    DisconnectedCavity,
    Diverged,
    EmptyCavity,
    InvalidParameter,
    MisshapenField,
    NotConverged,
    NumericsError,
    UnbalancedFlow,
    UnstableStep,
)
from peritia.numerics.flow import Flow, FlowStep, Velocity
from peritia.numerics.grid import PAD, MaskedGrid, box
from peritia.numerics.multigrid import MultigridSolver, Solution
from peritia.numerics.scalar import Balance, Exchange, Scalar, fixed_walls, wall_exchange

__all__ = [
    "PAD",
    "Balance",
    "BlockedPlace",
    "Boundary",
    "BoundaryFaces",
    "Dirichlet",
    "DisconnectedCavity",
    "Diverged",
    "Elliptic",
    "EmptyCavity",
    "Exchange",
    "Flow",
    "FlowStep",
    "Inlet",
    "InvalidParameter",
    "MaskedGrid",
    "MisshapenField",
    "Moving",
    "MultigridSolver",
    "NotConverged",
    "NumericsError",
    "Outlet",
    "Scalar",
    "Slip",
    "Solution",
    "Source",
    "UnbalancedFlow",
    "UnstableStep",
    "Velocity",
    "boundary_faces",
    "box",
    "elliptic",
    "fixed_walls",
    "wall_exchange",
]
