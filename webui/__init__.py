"""How a person or a program sees the archive: the front door of the site."""

from webui.app import create_app
from webui.commands import COMMANDS

__all__ = ["COMMANDS", "create_app"]
