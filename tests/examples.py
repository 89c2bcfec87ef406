"""How much tests try: a share of it every time, all of it at night (`make test-nightly`).

HYPOTHESIS_PROFILE names the profile of Hypothesis that a run goes by; tests/conftest.py registers them.
"""

import os

from hypothesis import settings

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "short")
NIGHTLY = PROFILE == "nightly"


def times(factor: float) -> int:
    """Return so many times as many examples as other tests try, and at least one."""
    return max(1, round(factor * settings().max_examples))
