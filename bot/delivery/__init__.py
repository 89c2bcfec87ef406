"""The way out: messages as values, the outbox, and the sender that hands them to Telegram."""
