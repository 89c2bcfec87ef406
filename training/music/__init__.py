"""Make the model that hears a mood in music: `python -m training.music --help`."""
