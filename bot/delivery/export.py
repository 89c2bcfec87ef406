"""Write everything that is stored about a person into a file."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

NAME = "attune.json"


def as_json(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> bytes:
    """Write UTF-8 JSON that people can read too: when it was made, and the rows by table. Runs in a worker."""
    content = {"exported_at": datetime.now(UTC).isoformat(timespec="seconds"), **tables}
    return json.dumps(content, ensure_ascii=False, indent=1).encode()
