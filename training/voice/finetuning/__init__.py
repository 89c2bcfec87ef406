"""Teach the voice net the emotions from labels: its head alone, or all of it."""
