"""What the playground remembers while it runs: chats, updates that wait, ordered faults, its clock."""
