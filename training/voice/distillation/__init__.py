"""Teach the voice net, without labels, to hear what its teacher hears."""
