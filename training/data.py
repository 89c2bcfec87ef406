"""Say where the training data lies."""

import os
from pathlib import Path


def data_root() -> Path:
    """Return the folder in ATTUNE_DATA, by default the one beside the project.

    Raises SystemExit when it is absent.
    """
    root = Path(os.environ.get("ATTUNE_DATA", "../shared/data"))
    if not root.is_dir():
        raise SystemExit(f"no training data at {root}: set ATTUNE_DATA")
    return root
