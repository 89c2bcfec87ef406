"""The clients' interface: what users send and see, beyond a simple conversation."""

import asyncio
import io
import json
from typing import Any

import httpx
import pytest
from PIL import Image

from playground import Playground
from tests.playground.conftest import BotApiCall, events, new_chat, picture, problems, say, send_file, sound

_KEYBOARD = json.dumps(
    {
        "inline_keyboard": [
            [{"text": "Yes", "callback_data": "y"}, {"text": "Site", "url": "https://a.example"}],
        ]
    }
)


async def received(bot_api: BotApiCall) -> dict[str, Any]:
    """The newest message that waits for the bot."""
    return dict((await bot_api("getUpdates", offset=-1))["result"][0]["message"])


async def test_a_person_is_made_with_a_private_chat(
    bot_api: BotApiCall, client_api: httpx.AsyncClient
) -> None:
    chat_id = await new_chat(client_api, username="ana", language_code="de")
    await say(client_api, chat_id, "hi")
    message = await received(bot_api)
    chat = (await bot_api("getChat", chat_id="@ana"))["result"]

    assert message["from"] == {
        "id": chat_id,
        "is_bot": False,
        "first_name": "Ana",
        "username": "ana",
        "language_code": "de",
    }
    assert message["chat"] == {"id": chat_id, "first_name": "Ana", "username": "ana", "type": "private"}
    assert chat["id"] == chat_id


@pytest.mark.parametrize(
    ("kind", "name", "data", "mime", "expected"),
    [
        ("document", "list.csv", b"a,b", "text/csv", {"file_name": "list.csv", "mime_type": "text/csv"}),
        ("document", "me.jpg", b"no picture", "image/jpeg", {"file_name": "me.jpg", "file_size": 10}),
        ("voice", "v.ogg", b"broken", "audio/ogg", {"duration": 0, "mime_type": "audio/ogg"}),
        ("voice", "v.oga", sound("ogg", "libopus"), "audio/ogg", {"duration": 1, "mime_type": "audio/ogg"}),
        ("sticker", "s.webp", picture(128, 128, "WEBP"), "image/webp", {"width": 128, "is_video": False}),
        (
            "audio",
            "song.mp3",
            sound("mp3", "libmp3lame", 1.2, "-metadata", "title=Blue Hour", "-metadata", "artist=The Tests"),
            "audio/mpeg",
            {"title": "Blue Hour", "performer": "The Tests", "duration": 1, "file_name": "song.mp3"},
        ),
    ],
)
async def test_files_arrive_as_they_were_sent(
    bot_api: BotApiCall,
    server: Playground,
    client_api: httpx.AsyncClient,
    chat_id: int,
    kind: str,
    name: str,
    data: bytes,
    mime: str,
    expected: dict[str, Any],
) -> None:
    sent = await send_file(client_api, chat_id, kind, name, data, mime)
    described = (await received(bot_api))[kind]
    path = (await bot_api("getFile", file_id=described["file_id"]))["result"]["file_path"]

    assert sent.status_code == 200
    assert {key: described[key] for key in expected} == expected
    downloaded = await client_api.get(f"{server.url}/file/bot{server.token}/{path}")
    assert downloaded.content == data
    assert await problems(client_api) == []


async def test_a_film_is_a_video_a_note_or_a_live_photo(
    bot_api: BotApiCall, client_api: httpx.AsyncClient, chat_id: int
) -> None:
    film = sound("mp4", "aac", 1.0, "-f", "lavfi", "-i", "color=red:size=160x120:duration=1",
                 "-c:v", "mpeg4", "-movflags", "frag_keyframe+empty_moov")  # fmt: skip
    found = {}
    for kind in ("video", "video_note", "animation", "live_photo"):
        await send_file(client_api, chat_id, kind, "film.mp4", film, "video/mp4")
        found[kind] = (await received(bot_api))[kind]

    assert (found["video"]["width"], found["video"]["height"], found["video"]["duration"]) == (160, 120, 1)
    assert found["video_note"]["length"] == 120
    assert found["animation"]["file_name"] == "film.mp4"
    assert found["live_photo"]["photo"][-1]["width"] == 160
    assert await problems(client_api) == []


async def test_a_photo_is_turned_upright_and_loses_its_exif(
    bot_api: BotApiCall, client_api: httpx.AsyncClient, chat_id: int
) -> None:
    exif = Image.Exif()
    exif[274] = 6  # the camera was turned by a quarter
    await send_file(client_api, chat_id, "photo", "p.jpg", picture(400, 200, exif=exif), "image/jpeg")
    sizes = (await received(bot_api))["photo"]
    (event,) = await events(client_api, chat_id)
    kept = await client_api.get(event["message"]["files"][event["message"]["photo"][-1]["file_id"]])

    assert [(size["width"], size["height"]) for size in sizes] == [(45, 90), (160, 320), (200, 400)]
    with Image.open(io.BytesIO(kept.content)) as opened:
        assert opened.size == (200, 400)
        assert not opened.getexif()


async def test_other_messages(bot_api: BotApiCall, client_api: httpx.AsyncClient, chat_id: int) -> None:
    for kind in ("contact", "location"):
        await client_api.post(f"/chats/{chat_id}/messages", json={"kind": kind})
    first = await say(client_api, chat_id, "one")
    await say(client_api, chat_id, "two", reply_to_message_id=first["message_id"], media_group_id="77")
    await client_api.post(f"/chats/{chat_id}/messages", json={"forward_from_message_id": first["message_id"]})
    contact, location, _, reply, forward = (u["message"] for u in (await bot_api("getUpdates"))["result"])

    assert contact["contact"]["first_name"] == "Ana"
    assert set(location["location"]) == {"latitude", "longitude"}
    assert reply["reply_to_message"]["text"] == "one"
    assert reply["media_group_id"] == "77"
    assert forward["text"] == "one"
    assert forward["forward_origin"]["sender_user"]["id"] == chat_id
    assert await problems(client_api) == []


@pytest.mark.parametrize(
    "message",
    [
        {"kind": "text", "text": " "},
        {"kind": "text", "text": "x" * 4097},
        {"kind": "poll", "text": "x"},
        {"kind": "photo"},
        {"text": "x", "reply_to_message_id": 99},
        {"text": "x", "reply_to_message_id": "x"},
        {"forward_from_message_id": 99},
    ],
)
async def test_what_no_client_would_send_is_refused(
    client_api: httpx.AsyncClient, chat_id: int, message: dict[str, Any]
) -> None:
    answer = await client_api.post(f"/chats/{chat_id}/messages", json=message)

    assert answer.status_code == 400
    assert list(answer.json()) == ["error"]
    assert await events(client_api, chat_id) == []


@pytest.mark.parametrize(
    ("kind", "mime", "data"),
    [
        ("photo", "image/jpeg", b"\xff\xd8 broken"),
        ("voice", "audio/webm", b"\x1a\x45\xdf\xa3 broken"),
        ("live_photo", "video/mp4", b"broken"),
    ],
)
async def test_what_cannot_be_decoded_is_refused(
    client_api: httpx.AsyncClient, chat_id: int, kind: str, mime: str, data: bytes
) -> None:
    answer = await send_file(client_api, chat_id, kind, "f", data, mime)

    assert answer.status_code == 400
    assert list(answer.json()) == ["error"]


async def test_buttons_can_be_pressed_by_data_or_text_only_if_they_are_there(
    bot_api: BotApiCall, client_api: httpx.AsyncClient, chat_id: int
) -> None:
    sent = await bot_api("sendMessage", chat_id=chat_id, text="x", reply_markup=_KEYBOARD)
    number = sent["result"]["message_id"]

    async def press(**wanted: Any) -> int:
        body = {"message_id": number, **wanted}
        return (await client_api.post(f"/chats/{chat_id}/press", json=body)).status_code

    assert [await press(data="y"), await press(text="Yes")] == [200, 200]
    assert [await press(data="n"), await press(text="Site"), await press()] == [400, 400, 400]
    assert await press(data="y", user_id=5) == 404
    assert await press(data="y", message_id=999) == 404
    queries = [update["callback_query"] for update in (await bot_api("getUpdates"))["result"]]
    assert [query["data"] for query in queries] == ["y", "y"]
    assert queries[0]["message"]["reply_markup"] == json.loads(_KEYBOARD)


async def test_an_unanswered_press_says_so(
    bot_api: BotApiCall, client_api: httpx.AsyncClient, chat_id: int
) -> None:
    sent = await bot_api("sendMessage", chat_id=chat_id, text="x", reply_markup=_KEYBOARD)
    press = {"message_id": sent["result"]["message_id"], "data": "y"}
    pressed = (await client_api.post(f"/chats/{chat_id}/press", json=press)).json()

    answer = await client_api.get(f"/callbacks/{pressed['callback_query_id']}", params={"wait": 0.1})
    assert answer.json() == {"answered": False, "text": None, "show_alert": False}
    assert (await client_api.get("/callbacks/1")).status_code == 404


async def test_everything_that_happens_is_an_event(
    bot_api: BotApiCall, client_api: httpx.AsyncClient, chat_id: int
) -> None:
    waiting = asyncio.create_task(client_api.get(f"/chats/{chat_id}/messages", params={"wait": 20}))
    to = {"chat_id": chat_id}
    message = (await bot_api("sendMessage", **to, text="one"))["result"]["message_id"]
    await bot_api("sendChatAction", **to, action="typing")
    await bot_api("sendMessageDraft", **to, draft_id=4, text="thin*king*", parse_mode="MarkdownV2")
    await bot_api("editMessageText", **to, message_id=message, text="two")
    await bot_api(
        "setMessageReaction", **to, message_id=message, reaction='[{"type": "emoji", "emoji": "👍"}]'
    )
    await bot_api("deleteMessage", **to, message_id=message)
    first = (await waiting).json()
    rest = await events(client_api, chat_id, after=first["seq"])

    assert [event["event"] for event in first["events"]] == ["message"]
    assert [event["event"] for event in rest] == ["action", "draft", "edited", "reaction", "deleted"]
    action, draft, edited, reaction, deleted = (event["message"] for event in rest)
    assert action["action"] == "typing"
    assert (draft["draft_id"], draft["text"]) == (4, "thinking")
    assert edited["text"] == "two"
    assert edited["edit_date"] >= edited["date"]
    assert [each["emoji"] for each in reaction["reactions"]] == ["👍"]
    assert deleted["message_id"] == message
    assert await problems(client_api) == []


async def test_numbers_of_events_grow(
    bot_api: BotApiCall, client_api: httpx.AsyncClient, chat_id: int
) -> None:
    for text in "abc":
        await say(client_api, chat_id, text)
    numbers = [event["seq"] for event in await events(client_api, chat_id)]
    after = (await client_api.get(f"/chats/{chat_id}/messages", params={"after": numbers[1]})).json()

    assert numbers == sorted(set(numbers))
    assert [event["message"]["text"] for event in after["events"]] == ["c"]
    assert after["seq"] == numbers[-1]


async def test_files_of_a_chat_are_served_in_parts(
    client_api: httpx.AsyncClient, chat_id: int, bot_api: BotApiCall, server: Playground
) -> None:
    await send_file(client_api, chat_id, "document", "page ä.html", b"<b>0123456789</b>", "text/html")
    (event,) = await events(client_api, chat_id)
    (address,) = event["message"]["files"].values()
    part = await client_api.get(address, headers={"Range": "bytes=3-6"})
    path = (await bot_api("getFile", file_id=event["message"]["document"]["file_id"]))["result"]["file_path"]
    for_bot = await client_api.get(
        f"{server.url}/file/bot{server.token}/{path}", headers={"Range": "bytes=3-6"}
    )

    assert (part.status_code, part.content) == (206, b"0123")
    assert (for_bot.status_code, for_bot.content) == (206, b"0123")
    assert part.headers["X-Content-Type-Options"] == "nosniff"


async def test_an_album_is_one_group_with_its_captions(
    bot_api: BotApiCall, client_api: httpx.AsyncClient, chat_id: int
) -> None:
    media = [
        {"type": "audio", "media": "attach://one", "title": "One", "performer": "P", "caption": "<b>1</b>",
         "parse_mode": "HTML"},
        {"type": "audio", "media": "attach://two"},
    ]  # fmt: skip
    mp3 = sound("mp3", "libmp3lame")
    files = {"one": ("1.mp3", mp3), "two": ("2.mp3", mp3)}
    answer = await bot_api(
        "sendMediaGroup", files, chat_id=chat_id, media=json.dumps(media), reply_markup=_KEYBOARD
    )
    one, two = answer["result"]

    assert one["media_group_id"] == two["media_group_id"]
    assert one["audio"]["title"] == "One"
    assert one["caption_entities"] == [{"type": "bold", "offset": 0, "length": 1}]
    assert "reply_markup" not in one
    again = await bot_api("sendAudio", chat_id=chat_id, audio=one["audio"]["file_id"], title="Else")
    assert again["result"]["audio"]["title"] == "One"
    assert await problems(client_api) == []


async def test_media_of_a_message_can_be_replaced(bot_api: BotApiCall, chat_id: int) -> None:
    sent = await bot_api("sendPhoto", {"photo": ("p.jpg", picture(90, 60))}, chat_id=chat_id, caption="old")
    new = {"type": "photo", "media": "attach://new", "caption": "new"}
    edited = await bot_api(
        "editMessageMedia",
        {"new": ("n.jpg", picture(60, 90))},
        chat_id=chat_id,
        message_id=sent["result"]["message_id"],
        media=json.dumps(new),
    )

    assert edited["result"]["photo"][-1]["height"] == 90
    assert edited["result"]["caption"] == "new"


async def test_commands_by_language_and_descriptions(
    bot_api: BotApiCall, client_api: httpx.AsyncClient
) -> None:
    await bot_api("setMyCommands", commands='[{"command": "Start", "description": "Begin"}]')
    await bot_api("setMyCommands", commands='[{"command": "hilfe", "description": "x"}]', language_code="de")
    await bot_api("setMyDescription", description="Reads a mood")
    await bot_api("setMyShortDescription", short_description="Moods")

    assert (await bot_api("getMyCommands"))["result"] == [{"command": "start", "description": "Begin"}]
    await bot_api("deleteMyCommands")
    assert (await bot_api("getMyCommands"))["result"] == []
    assert len((await bot_api("getMyCommands", language_code="de"))["result"]) == 1
    invalid = await bot_api("setMyCommands", commands='[{"command": "no spaces", "description": "x"}]')
    assert await problems(client_api) == [invalid["description"]] == ["Bad Request: BOT_COMMAND_INVALID"]


async def test_profile_audios(bot_api: BotApiCall, client_api: httpx.AsyncClient, chat_id: int) -> None:
    file = {"file": ("a.mp3", sound("mp3", "libmp3lame"), "audio/mpeg")}
    added = await client_api.post(f"/users/{chat_id}/profile_audios", files=file)
    found = (await bot_api("getUserProfileAudios", user_id=chat_id))["result"]

    assert added.json() == {"total_count": 1}
    assert found["total_count"] == 1
    sent = await bot_api("sendAudio", chat_id=chat_id, audio=found["audios"][0]["file_id"])
    assert sent["result"]["audio"]["file_unique_id"] == found["audios"][0]["file_unique_id"]


async def test_being_blocked_is_told(
    bot_api: BotApiCall, client_api: httpx.AsyncClient, chat_id: int
) -> None:
    await client_api.post(f"/chats/{chat_id}/block", json={"blocked": True})
    refused = await client_api.post(f"/chats/{chat_id}/messages", json={"text": "x"})
    (update,) = (await bot_api("getUpdates"))["result"]

    assert update["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    assert refused.status_code == 400


async def test_any_update_can_be_injected(bot_api: BotApiCall, client_api: httpx.AsyncClient) -> None:
    group = {"id": -100200, "type": "supergroup", "title": "Friends"}
    member = {"id": 4711, "is_bot": False, "first_name": "Bo"}
    message = {"message_id": 5, "date": 1_700_000_000, "chat": group, "from": member, "text": "hello"}
    query = {"id": "88", "from": member, "chat_instance": "1", "data": "x", "message": message}
    await client_api.post("/clock", json={"advance_s": 1_700_000_000 - 4e9})
    injected = await client_api.post("/updates", json={"callback_query": query})
    (update,) = (await bot_api("getUpdates"))["result"]

    assert update == {"update_id": injected.json()["update_id"], "callback_query": query}
    assert (await bot_api("answerCallbackQuery", callback_query_id="88"))["ok"]
    assert (await client_api.post("/updates", json={"message": {"text": "x"}})).status_code == 400
    assert (await client_api.post("/updates", json={})).status_code == 400


async def test_the_transcript_reads_like_a_chat(
    bot_api: BotApiCall, client_api: httpx.AsyncClient, chat_id: int
) -> None:
    await say(client_api, chat_id, "/start")
    sent = await bot_api("sendMessage", chat_id=chat_id, text="Choose", reply_markup=_KEYBOARD)
    reaction = {"message_id": sent["result"]["message_id"], "emoji": "👍"}
    await client_api.post(f"/chats/{chat_id}/reactions", json=reaction)
    transcript = await client_api.get(f"/chats/{chat_id}/transcript")

    assert transcript.headers["Content-Type"].startswith("text/plain")
    assert transcript.text == "Ana: /start\n\nAttune (bot): Choose\n  [Yes] [Site]\n  👍\n\n"


async def test_reset_forgets_everything_and_repeats_no_identifier(
    bot_api: BotApiCall, client_api: httpx.AsyncClient, chat_id: int, server: Playground
) -> None:
    before = await say(client_api, chat_id, "hi")
    await client_api.post("/faults", json={"method": "getMe", "fault": {"error_code": 500}})
    await client_api.post("/reset")
    after = await say(client_api, await new_chat(client_api), "hi")

    assert (await client_api.get(f"/chats/{chat_id}/messages")).status_code == 404
    assert (await bot_api("getMe"))["ok"]
    assert after["update_id"] > before["update_id"]
    assert len((await client_api.get("/requests")).json()["requests"]) == 1
