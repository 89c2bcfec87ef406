"""Files that bots and people send: kept on disk, probed, and converted as Telegram converts them."""
