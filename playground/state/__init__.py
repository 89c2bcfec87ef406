"""What the playground remembers while it runs: chats, waiting updates, faults to come, and its clock."""
