"""The pages: what a clinic works with all day. The only place besides the command line that joins everything."""

from __future__ import annotations

from peritia.web.app import create_app
from peritia.web.demo import demo_house
from peritia.web.house import House
from peritia.web.settings import SettingError, Settings, from_environment

__all__ = ["House", "SettingError", "Settings", "create_app", "demo_house", "from_environment"]
