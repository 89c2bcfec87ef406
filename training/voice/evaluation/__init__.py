"""Measure the voice net on speakers it was not trained on, and what it has to beat."""
