"""Read the voices to learn from, and change their sound."""
