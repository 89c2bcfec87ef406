"""Trains the machine that hears a mood in music: `python -m training.music train|evaluate`."""
