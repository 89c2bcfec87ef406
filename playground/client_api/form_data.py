"""The body of a client's request: JSON, or a form with a file."""

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from playground.client_api.errors import InvalidRequestError
from playground.media.files import Upload
from playground.protocol.schema import JsonObject


@dataclass(frozen=True)
class FormData:
    """Hold the fields of a request and the file that came with it, if any."""

    fields: JsonObject
    upload: Upload | None = None

    @property
    def kind(self) -> str:
        """Return the kind of message to send, a text if nothing else was said."""
        return str(self.fields.get("kind", "text"))

    def identifier(self, name: str) -> int | None:
        """Return a field that holds an identifier, None if it is missing. Raises InvalidRequestError."""
        value = self.fields.get(name)
        if value in (None, ""):
            return None
        try:
            return int(str(value))
        except ValueError as error:
            raise InvalidRequestError(f"{name} must be a number") from error


async def read_json(request: web.Request) -> JsonObject:
    """Read a JSON body, which may be missing. Raises InvalidRequestError or ValueError."""
    body: Any = json.loads(await request.text() or "{}")
    if not isinstance(body, dict):
        raise InvalidRequestError("a JSON object is needed")
    return body


async def read_form_data(request: web.Request) -> FormData:
    """Read a body that is JSON or a form, whose file is the part ``file``.

    Raises InvalidRequestError or ValueError.
    """
    if request.content_type == "application/json":
        fields = json.loads(await request.text())
        if not isinstance(fields, dict):
            raise InvalidRequestError("a JSON object is needed")
        return FormData(fields)
    form = await request.post()
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    part = form.get("file")
    if not isinstance(part, web.FileField):
        return FormData(fields)
    return FormData(fields, Upload(part.filename, part.content_type, part.file.read()))
