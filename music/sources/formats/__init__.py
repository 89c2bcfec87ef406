"""Kinds of playlist files: one parser a module, pure, from text to an imported playlist."""
