"""Business units, settings, scope, and who may sign in: what every other room asks first."""

from mopsaudit.organisation.preferences import load_settings, save_setting, setting_sources
from mopsaudit.organisation.units import create_unit, ensure_root, find_unit, scope_for, unit_tree

__all__ = [
    "create_unit",
    "ensure_root",
    "find_unit",
    "load_settings",
    "save_setting",
    "scope_for",
    "setting_sources",
    "unit_tree",
]
