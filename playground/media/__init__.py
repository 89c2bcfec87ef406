"""Files that the bot and its users send: stored, described and converted as Telegram does it."""
