"""How face, voice and text are pooled: fitted and measured."""
