"""Write everything that is stored about a person into a file."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from telegram.constants import FileSizeLimit

MOST = int(FileSizeLimit.FILESIZE_UPLOAD)  # bytes of a file that Telegram takes from a bot
_NAME = "attune.json"


def as_file(tables: Mapping[str, Sequence[Mapping[str, Any]]], most: int) -> tuple[str, bytes] | None:
    """Write a file of at most `most` bytes, and return its name with its content. Runs in a worker.

    It is UTF-8 JSON that people can read too: when it was made, and the rows by table. Where that is too large it is
    put into a zip file, about a tenth as large; None where that is too large as well.
    """
    content = {"exported_at": datetime.now(UTC).isoformat(timespec="seconds"), **tables}
    written = json.dumps(content, ensure_ascii=False, indent=1).encode()
    if len(written) <= most:
        return _NAME, written
    packed = _zipped(written)
    return ("attune.zip", packed) if len(packed) <= most else None


def _zipped(written: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(_NAME, written)
    return file.getvalue()
