"""One call of the bot: its arguments as the real server reads them, leniently."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from playground.media.files import Upload
from playground.protocol import schema

_INTEGER = re.compile(r"\s*([+-]?\d+)")
_TRUE = {"true", "yes", "1"}


@dataclass(frozen=True)
class Arguments:
    """Arguments of a call: strings, or JSON values if they came so, and uploads by the name of their part."""

    values: Mapping[str, Any]
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A string, empty if it is missing."""
        value = self.values.get(name, "")
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0, least: int | None = None, most: int | None = None) -> int:
        """A whole number, clamped and not refused: leading digits count, as in the real server."""
        found = _INTEGER.match(self.text(name))
        value = int(found.group(1)) if found else default
        value = value if least is None else max(value, least)
        return value if most is None else min(value, most)

    def flag(self, name: str) -> bool:
        """A truth value: ``true``, ``yes`` and ``1`` in any case, all else is false."""
        return self.text(name).lower() in _TRUE

    def parsed(self, name: str) -> Any:
        """A JSON value, None if it is missing. Raises ValueError."""
        value = self.values.get(name)
        return json.loads(value) if isinstance(value, str) and value else value or None

    def decoded(self, method: str) -> dict[str, Any]:
        """The arguments as the schema types them, for log and checks; uploads by name and size."""
        fields = schema.METHODS[method]["fields"] if method in schema.METHODS else {}
        plain = {n: _decoded(v, fields.get(n, {}).get("types", [])) for n, v in self.values.items()}
        files = {n: {"file_name": u.filename, "file_size": len(u.data)} for n, u in self.uploads.items()}
        return plain | files


def _decoded(value: Any, types: list[str]) -> Any:
    """A string made into what the schema expects, or left as it is where it cannot be."""
    if not isinstance(value, str) or types == ["String"]:
        return value
    if "Integer" in types and re.fullmatch(r"-?\d+", value):
        return int(value)
    if "Boolean" in types:
        return value.lower() in _TRUE if value.lower() in _TRUE | {"false", "no", "0"} else value
    if any(name not in ("Integer", "String", "InputFile") for name in types):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


async def read_arguments(request: web.Request) -> Arguments:
    """The arguments of a request from query, form, multipart or JSON. Later sources win."""
    values: dict[str, Any] = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.content_type == "application/json":
        body = json.loads(await request.text() or "{}")
        values |= body if isinstance(body, dict) else {}
    elif request.method == "POST":
        for name, part in (await request.post()).items():
            if isinstance(part, web.FileField):
                uploads[name] = Upload(part.filename, part.content_type, part.file.read())
            else:
                values[name] = part
    return Arguments(values, uploads)
