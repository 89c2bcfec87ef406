"""Read playlist files: one parser a module, pure, from the text of a file to an imported playlist."""
