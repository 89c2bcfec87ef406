"""The face nets: data, training, teacher, CK+, figures. `python -m training.face --help`."""
