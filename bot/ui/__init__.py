"""What people see: sentences, pictures, buttons, and the line above the chat that says what the bot is doing."""
