"""Fit and measure how face, voice and text are pooled."""
