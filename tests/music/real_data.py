"""Where the real playlists and track tables are that only the makers of Attune have."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MUSIC = Path(os.environ.get("ATTUNE_DATA", ROOT.parent / "shared" / "data")) / "music"


def needs(path: Path) -> pytest.MarkDecorator:
    """Skip where `path` is absent."""
    return pytest.mark.skipif(not path.exists(), reason="the data folder is not here (ATTUNE_DATA)")
