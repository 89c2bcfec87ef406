"""The voice net: corpora, what the teacher hears, training, baselines, figures. `python -m training.voice --help`."""
