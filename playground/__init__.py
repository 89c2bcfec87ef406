"""A strict Telegram Bot API server for one's own machine, with a chat page for the person.

A bot talks to it as to Telegram, by base URL alone; people by the page or by the routes under ``/api``.
"""

from playground.server import Playground

__all__ = ["Playground"]
