"""The arguments of a call of the bot, read as leniently as the real server reads them."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from playground.media.files import Upload
from playground.protocol import schema
from playground.protocol.errors import api_error
from playground.protocol.schema import JsonObject

_INTEGER = re.compile(r"\s*([+-]?\d+)")
_TRUE = {"true", "yes", "1"}
_FALSE = {"false", "no", "0"}


@dataclass(frozen=True)
class Arguments:
    """Hold the arguments of a call: strings, or JSON values if they came so, and uploads by part name."""

    values: Mapping[str, Any]
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return an argument as a string, empty if it is missing."""
        value = self.values.get(name, "")
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0, least: int | None = None, most: int | None = None) -> int:
        """Return an argument as a whole number between `least` and `most`.

        As on the real server, a number outside is moved to the limit, leading digits of a text count, and
        anything else is the default.
        """
        found = _INTEGER.match(self.text(name))
        value = int(found.group(1)) if found else default
        value = value if least is None else max(value, least)
        return value if most is None else min(value, most)

    def flag(self, name: str) -> bool:
        """Return an argument as a truth value: ``true``, ``yes`` and ``1`` in any case, all else is false."""
        return self.text(name).lower() in _TRUE

    def parsed(self, name: str, label: str | None = None) -> Any:
        """Return an argument as a JSON value, None if it is missing.

        Raises BotApiError for broken JSON, which names the argument by the label or else by its own name.
        """
        value = self.values.get(name)
        try:
            return json.loads(value) if isinstance(value, str) and value else value or None
        except ValueError as error:
            raise api_error(f"can't parse {label or name} JSON object") from error

    def decoded(self, method: str) -> JsonObject:
        """Return all arguments typed as the schema types them, for checks and for the list of requests.

        Of an upload only its name and size in bytes are told.
        """
        fields = schema.METHODS[method]["fields"] if method in schema.METHODS else {}
        plain = {
            name: _decoded(value, fields.get(name, {}).get("types", []))
            for name, value in self.values.items()
        }
        files = {
            name: {"file_name": upload.filename, "file_size": len(upload.data)}
            for name, upload in self.uploads.items()
        }
        return plain | files


def _decoded(value: Any, types: list[str]) -> Any:
    """Return a string as the value that the schema expects, or unchanged where it cannot be one."""
    if not isinstance(value, str) or types == ["String"]:
        return value
    if "Integer" in types and re.fullmatch(r"-?\d+", value):
        return int(value)
    if "Boolean" in types:
        return value.lower() in _TRUE if value.lower() in _TRUE | _FALSE else value
    if any(name not in ("Integer", "String", "InputFile") for name in types):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


async def read_arguments(request: web.Request) -> Arguments:
    """Read the arguments of a request from its query and from its form, multipart or JSON body.

    The body overrides the query. Raises ValueError for a broken JSON body.
    """
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
