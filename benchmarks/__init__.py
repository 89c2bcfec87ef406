"""Measure the claims of the documents: one script each."""
