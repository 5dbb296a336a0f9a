"""Quantities: units and laboratory values (``units``), body surface (``body``), kidney function (``renal``). Each names its source.

Import from the module; nothing is loaded that a caller does not ask for.
"""

from __future__ import annotations
