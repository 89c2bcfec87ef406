"""What people see: words, cards, buttons, pictures and the actions above the chat."""
