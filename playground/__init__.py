"""A strict Telegram Bot API server for one's own machine, with a chat page for its user.

A bot needs nothing but the server's base URL in place of Telegram's. Users talk to the bot by the page, tests
and scripts by the routes under ``/api``.
"""

from playground.server import Playground

__all__ = ["Playground"]
