"""Train and measure the voice net: `python -m training.voice --help`."""
