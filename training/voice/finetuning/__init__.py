"""The voice net learns the emotions from labels: its head alone, or all of it."""
