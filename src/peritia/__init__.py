"""Peritia: research software for the team that treats cancer of the peritoneum. Not a medical device."""

from __future__ import annotations

__version__ = "0.1.0"
