"""The conversation: Telegram on one side, everything that Attune knows on the other."""
