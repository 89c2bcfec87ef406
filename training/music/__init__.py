"""Makes the machine that hears a mood in music: `python -m training.music tagger|train|evaluate|deviations`."""
