"""What holds for all tests."""

from hypothesis import settings

# Hypothesis fails an example that takes 200 ms, which on a busy machine says nothing about the code. Decoders
# of untrusted bytes set limits of their own.
settings.register_profile("attune", deadline=None)
settings.load_profile("attune")
