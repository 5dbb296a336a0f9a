"""``python -m peritia``."""

from __future__ import annotations

from peritia.cli import main

main()
