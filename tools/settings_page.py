"""Write docs/settings.md from the settings' own declarations: `python -m tools.settings_page`."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.settings import Settings

PAGE = Path(__file__).parents[1] / "docs" / "settings.md"
_INTRODUCTION = """# Settings

Every setting is an environment variable, or a line `NAME=value` in a file `.env` in the folder in which Attune is
started. A value that makes no sense stops the start with one sentence that names it.

This page is written by `python -m tools.settings_page` from `bot/settings.py`; change it there.

| Setting | Default | Allowed | Meaning |
|---|---|---|---|
"""


def page() -> str:
    """Return the page as it should be."""
    schema = Settings.model_json_schema()
    return _INTRODUCTION + "".join(_row(name, said) for name, said in schema["properties"].items())


def _row(name: str, said: Mapping[str, Any]) -> str:
    meaning = " ".join(said["description"].split())
    return (
        f"| `{name.upper()}` | {_default(said.get('default'))} | {', '.join(_allowed(said))} | {meaning} |\n"
    )


def _default(value: Any) -> str:
    if value is None or value in ("", []):
        return "(none)"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _allowed(said: Mapping[str, Any]) -> Iterator[str]:
    """Yield what limits a value, where anything can be said in a word or two."""
    if said.get("type") == "boolean":
        yield "`true`, `false`"
    if "enum" in said:
        yield ", ".join(f"`{value}`" for value in said["enum"])
    if "minimum" in said:
        yield f"{said['minimum']:,g} to {said['maximum']:,g}"
    if "exclusiveMinimum" in said:
        yield f"above {said['exclusiveMinimum']:,g}, at most {said['maximum']:,g}"
    if "maxLength" in said:
        yield f"at most {said['maxLength']} characters"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
