"""Jobs that run beside the conversation for as long as the bot does."""
