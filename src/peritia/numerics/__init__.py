"""Numerics on masked grids: elliptic equations, flow, scalar transport, droplets, columns, ordinary equations. SI units; no medicine."""

from __future__ import annotations

from peritia.numerics.boundary import Boundary, BoundaryFaces, Inlet, Moving, Outlet, Slip, Source, boundary_faces
from peritia.numerics.columns import Columns, Profile, graded_edges
from peritia.numerics.compartments import Compartments
from peritia.numerics.compartments import integrate as integrate_compartments
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
from peritia.numerics.implicit import ImplicitTransport
from peritia.numerics.multigrid import MultigridSolver, Solution
from peritia.numerics.parcels import Air, Cloud, Turbulence, advance, cloud, extended, uniform_numbers
from peritia.numerics.places import cells_within, fluid_centres, free_path, nearest_fluid
from peritia.numerics.scalar import Balance, Exchange, Scalar, fixed_walls, wall_exchange
from peritia.numerics.surface import Surface, surface

__all__ = [
    "PAD",
    "Air",
    "Balance",
    "BlockedPlace",
    "Boundary",
    "BoundaryFaces",
    "Cloud",
    "Columns",
    "Compartments",
    "Dirichlet",
    "DisconnectedCavity",
    "Diverged",
    "Elliptic",
    "EmptyCavity",
    "Exchange",
    "Flow",
    "FlowStep",
    "ImplicitTransport",
    "Inlet",
    "InvalidParameter",
    "MaskedGrid",
    "MisshapenField",
    "Moving",
    "MultigridSolver",
    "NotConverged",
    "NumericsError",
    "Outlet",
    "Profile",
    "Scalar",
    "Slip",
    "Solution",
    "Source",
    "Surface",
    "Turbulence",
    "UnbalancedFlow",
    "UnstableStep",
    "Velocity",
    "advance",
    "boundary_faces",
    "box",
    "cells_within",
    "cloud",
    "elliptic",
    "extended",
    "fixed_walls",
    "fluid_centres",
    "free_path",
    "graded_edges",
    "integrate_compartments",
    "nearest_fluid",
    "surface",
    "uniform_numbers",
    "wall_exchange",
]
