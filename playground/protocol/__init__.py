"""The rules of the Bot API: its schema, its limits and the wording of its errors."""
