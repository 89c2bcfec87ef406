"""The bot's interface, that of Telegram: ``/bot<token>/<method>`` and ``/file/bot<token>/<path>``."""
