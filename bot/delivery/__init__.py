"""Deliver messages: as values first, then in the outbox, then by the sender to Telegram."""
