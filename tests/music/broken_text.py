"""Text that JSON can say and no database takes: halves of surrogate pairs, and NUL."""

BROKEN = "So\ud800ng\0 \udfff"


def storable(*texts: str) -> bool:
    """Whether SQLite would keep them as they are."""
    return all(
        "\0" not in text and text.encode(errors="ignore") == text.encode(errors="replace") for text in texts
    )
