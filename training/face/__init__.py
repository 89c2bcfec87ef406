"""Train and measure the face nets: `python -m training.face --help`."""
