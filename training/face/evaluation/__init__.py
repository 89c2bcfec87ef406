"""Measure the face nets on faces they were not trained on."""
