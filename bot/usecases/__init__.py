"""What Attune does for a person, without a word of Telegram's."""
