"""Play a person who talks to the bot in the playground, for the demo and the end-to-end tests."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self

import httpx

PATIENCE_S = 120.0  # the first answer of a busy machine takes a while
_POLL_S = 20.0


class MissingAnswer(AssertionError):
    """Say that the bot did not say what was expected; the message quotes the conversation."""


@dataclass(frozen=True, slots=True)
class BotMessage:
    """Hold a message of the bot as it stood when it was sent or changed."""

    event: str  # "message" or "edited"
    raw: dict[str, Any]

    @property
    def id(self) -> int:
        """Return the message's number in the chat."""
        return int(self.raw["message_id"])

    @property
    def text(self) -> str:
        """Return the message's text or caption."""
        return str(self.raw.get("text") or self.raw.get("caption") or "")

    @property
    def kind(self) -> str:
        """Return the kind of the message: "text", "photo", "audio", "document" or "voice"."""
        return next((kind for kind in ("photo", "audio", "document", "voice") if kind in self.raw), "text")

    @property
    def buttons(self) -> list[str]:
        """Return the labels of the message's buttons, in reading order."""
        return [button["text"] for button in self._buttons]

    @property
    def data(self) -> list[str]:
        """Return what the message's buttons send to the bot, in reading order."""
        return [button["callback_data"] for button in self._buttons]

    @property
    def _buttons(self) -> list[dict[str, str]]:
        rows = self.raw.get("reply_markup", {}).get("inline_keyboard", [])
        return [button for row in rows for button in row]

    @property
    def files(self) -> list[str]:
        """Return where the message's files can be fetched; of a photo the largest size comes last."""
        return list(self.raw["files"].values())


class PlaygroundClient:
    """Represent the people's side of a running playground."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http
        self.people: list[Person] = []

    @classmethod
    @asynccontextmanager
    async def at(cls, url: str) -> AsyncIterator[Self]:
        """Open the people's side of the playground at this address."""
        async with httpx.AsyncClient(
            base_url=f"{url}/api",
            timeout=PATIENCE_S,
            trust_env=False,
            verify=False,  # noqa: S501  (plain HTTP)
        ) as http:
            yield cls(http)

    async def person(self, first_name: str = "Ana", **more: str) -> "Person":
        """Return somebody new with a private chat."""
        made = await self.post("/users", {"first_name": first_name, **more})
        self.people.append(Person(self, made["chat_id"]))
        return self.people[-1]

    async def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Call the people's side by POST; raises httpx.HTTPStatusError when it is refused."""
        answer = await self.http.post(path, json=body)
        answer.raise_for_status()
        return dict(answer.json())

    async def get(self, path: str, **query: Any) -> dict[str, Any]:
        """Call the people's side by GET; raises httpx.HTTPStatusError when it is refused."""
        answer = await self.http.get(path, params=query)
        answer.raise_for_status()
        return dict(answer.json())

    async def fault(
        self, method: str, *, chat: int | None = None, skip: int = 0, times: int = 1, **fault: Any
    ) -> None:
        """Order a fault for the bot's next calls of a method."""
        order = {"method": method, "chat_id": chat, "skip": skip, "times": times, "fault": fault}
        await self.post("/faults", order)

    async def calls(self, method: str | None = None, after: int = 0) -> list[dict[str, Any]]:
        """Return the bot's calls after a sequence number."""
        found: list[dict[str, Any]] = (await self.get("/requests", after=after))["requests"]
        return [call for call in found if method in (None, call["method"])]


class Person:
    """Represent a person in a private chat with the bot; reading goes on from what was read last."""

    def __init__(self, room: PlaygroundClient, chat_id: int) -> None:
        self.room, self.chat_id = room, chat_id
        self._path = f"/chats/{chat_id}"
        self._unread: list[BotMessage] = []
        self._seq = 0
        self._sent: dict[int, int] = {}  # numbers of own messages, by their update

    async def say(self, text: str) -> int:
        """Write a text or a command; returns the number of the update."""
        return await self._say({"kind": "text", "text": text})

    async def send(self, kind: str, name: str, data: bytes, mime: str, **fields: str) -> int:
        """Send a file as `kind`; returns the number of the update."""
        answer = await self.room.http.post(
            f"{self._path}/messages", data={"kind": kind, **fields}, files={"file": (name, data, mime)}
        )
        answer.raise_for_status()
        return self._noted(answer.json())

    async def photo(self, data: bytes) -> int:
        """Send a photo."""
        return await self.send("photo", "selfie.jpg", data, "image/jpeg")

    async def voice(self, data: bytes) -> int:
        """Send a voice note (Ogg/Opus)."""
        return await self.send("voice", "voice.ogg", data, "audio/ogg")

    async def audio(self, data: bytes, name: str, mime: str = "audio/mpeg") -> int:
        """Send music."""
        return await self.send("audio", name, data, mime)

    async def document(self, data: bytes, name: str, mime: str) -> int:
        """Send a file."""
        return await self.send("document", name, data, mime)

    async def forward(self, update_id: int) -> int:
        """Forward to the bot what was sent with this update; returns the number of the new one."""
        sent = {"forward_from_message_id": self._sent[update_id]}
        return await self._say(sent)

    async def press(self, message: BotMessage, button: str | int, wait_s: float = PATIENCE_S) -> str:
        """Press a button, named by its label or its place, and wait until the bot answers the press.

        Returns what the bot said in passing, if anything. With 0 seconds it does not wait.
        """
        place = button if isinstance(button, int) else message.buttons.index(button)
        press = {"message_id": message.id, "data": message.data[place]}
        pressed = await self.room.post(f"{self._path}/press", press)
        answer = await self.room.get(f"/callbacks/{pressed['callback_query_id']}", wait=wait_s)
        if not answer["answered"] and wait_s:
            raise MissingAnswer(f"the press of {button!r} was not answered")
        return str(answer["text"] or "")

    async def expect(
        self,
        *parts: str,
        kind: str | None = None,
        buttons: tuple[str, ...] = (),
        within_s: float = PATIENCE_S,
    ) -> BotMessage:
        """Return the next message or edit of the bot that holds all `parts`, is of the `kind` and has the `buttons`.

        What comes before it is passed over. Raises NotSaid when nothing like it comes in time.
        """
        until = time.monotonic() + within_s
        while True:
            while self._unread:
                said = self._unread.pop(0)
                fits = kind in (None, said.kind) and set(buttons) <= set(said.buttons)
                if fits and all(part in said.text for part in parts):
                    return said
            if (left := until - time.monotonic()) <= 0:
                break
            await self._listen(left)
        wanted = ", ".join(filter(None, [*map(repr, parts), kind, *buttons]))
        raise MissingAnswer(f"expected {wanted}; the conversation was:\n{await self.transcript()}")

    async def hears(self, seconds: float) -> list[BotMessage]:
        """Return everything that the bot says within so many seconds."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            await self._listen(left)
        heard, self._unread = self._unread, []
        return heard

    async def messages(self) -> list[BotMessage]:
        """Return all messages of the bot in the chat's order, as they stand now."""
        events = (await self.room.get(f"{self._path}/messages"))["events"]
        now: dict[int, BotMessage] = {}
        for said in _of_bot(events):
            now[said.id] = said
        return list(now.values())

    async def download(self, message: BotMessage) -> bytes:
        """Return the bytes of the message's (largest) file."""
        return (await self.room.http.get(message.files[-1])).content

    async def transcript(self) -> str:
        """Return the chat as it stands, as text."""
        return (await self.room.http.get(f"{self._path}/transcript")).text

    async def drafts(self) -> list[str]:
        """Return the texts of the drafts that the bot has shown."""
        events = (await self.room.get(f"{self._path}/messages"))["events"]
        return [event["message"]["text"] for event in events if event["event"] == "draft"]

    async def _say(self, fields: dict[str, Any]) -> int:
        return self._noted(await self.room.post(f"{self._path}/messages", fields))

    def _noted(self, answer: dict[str, Any]) -> int:
        self._sent[int(answer["update_id"])] = int(answer["message_id"])
        return int(answer["update_id"])

    async def _listen(self, seconds: float) -> None:
        """Wait for something new, for at most so many seconds."""
        wait = min(seconds, _POLL_S)
        found = await self.room.get(f"{self._path}/messages", after=self._seq, wait=wait)
        self._seq = found["seq"]
        self._unread += _of_bot(found["events"])


def _of_bot(events: list[dict[str, Any]]) -> list[BotMessage]:
    spoken = [e for e in events if e["event"] in ("message", "edited")]
    return [
        BotMessage(e["event"], e["message"]) for e in spoken if e["message"].get("from", {}).get("is_bot")
    ]
