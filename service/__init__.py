"""The HTTP door: the application, its settings, and the server that runs it."""

from service.app import create_app
from service.server import serve
from service.settings import Settings, SettingsError, read_settings

__all__ = ["Settings", "SettingsError", "create_app", "read_settings", "serve"]
