"""How many examples the tests of properties try.

HYPOTHESIS_PROFILE names the profile of Hypothesis that a run goes by: "short", "fast" (`make test-fast`), or "nightly"
(`make test-nightly`); tests/conftest.py registers them.
"""

import os

from hypothesis import settings

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "short")


def times(factor: float) -> int:
    """Return so many times as many examples as other tests try, and at least one."""
    return max(1, round(factor * settings().max_examples))
