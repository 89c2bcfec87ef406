"""The side of the bot: ``/bot<token>/<method>`` and ``/file/bot<token>/<path>``, as on Telegram."""
