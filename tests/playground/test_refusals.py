"""Refused calls: the bot reads the real server's words, over plain HTTP."""

import json
from typing import Any

import httpx
import pytest

from playground import Playground
from tests.playground.conftest import BotApiCall, client_of, picture, problems, say, send_file, sound

_NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
_LONG = "x" * 4097


def keyboard(*rows: list[dict[str, Any]]) -> str:
    return json.dumps({"inline_keyboard": list(rows)})


async def descriptions(bot_api: BotApiCall, method: str, cases: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What each case is answered, by what it should be answered."""
    return {
        said: (await bot_api(method, **arguments)).get("description") for said, arguments in cases.items()
    }


async def test_texts_that_cannot_be_sent(bot_api: BotApiCall, chat_id: int) -> None:
    to = {"chat_id": chat_id}
    cases: dict[str, dict[str, Any]] = {
        "Bad Request: message text is empty": {**to},
        "Bad Request: text must be non-empty": {**to, "text": "<b></b> ", "parse_mode": "html"},
        "Bad Request: message is too long": {**to, "text": _LONG},
        "Bad Request: text is too long": {**to, "text": "<b>" * 11000, "parse_mode": "HTML"},
        "Bad Request: unsupported parse_mode": {**to, "text": "x", "parse_mode": "rst"},
        "Bad Request: chat_id is empty": {"text": "x"},
        "Bad Request: chat not found": {"chat_id": 1, "text": "x"},
        "Bad Request: message to be replied not found": {
            **to, "text": "x", "reply_parameters": '{"message_id": 77}'
        },
        "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\"": {
            **to, "text": "<b>x", "parse_mode": "HTML"
        },
        "Bad Request: can't parse entities: Character '.' is reserved and must be escaped with the preceding '\\'": {
            **to, "text": "x.", "parse_mode": "MarkdownV2"
        },
    }  # fmt: skip
    assert await descriptions(bot_api, "sendMessage", cases) == {said: said for said in cases}


async def test_length_counts_code_points_after_the_markup(bot_api: BotApiCall, chat_id: int) -> None:
    sent = await bot_api("sendMessage", chat_id=chat_id, text="<b>" + "😀" * 4096 + "</b>", parse_mode="HTML")

    assert sent["ok"]
    assert sent["result"]["entities"] == [{"type": "bold", "offset": 0, "length": 8192}]


async def test_keyboards_that_cannot_be_sent(bot_api: BotApiCall, chat_id: int) -> None:
    button = "Bad Request: can't parse inline keyboard button: "
    markups = {
        "Bad Request: can't parse reply keyboard markup JSON object": "{",
        "Bad Request: object expected as reply markup": "[1]",
        "Bad Request: BUTTON_DATA_INVALID": keyboard([{"text": "x", "callback_data": "ä" * 33}]),
        f"{button}Text buttons are unallowed in the inline keyboard": keyboard(
            [{"text": "x", "callback_data": ""}]
        ),
        f"{button}invalid button style specified": keyboard(
            [{"text": "x", "callback_data": "1", "style": "pink"}]
        ),
        "Bad Request: inline keyboard button text must be non-empty": keyboard(
            [{"text": "", "callback_data": "1"}]
        ),
        "Bad Request: reply markup is too long": keyboard(*[[{"text": "x", "callback_data": "1"}]] * 101),
    }
    cases = {
        said: {"chat_id": chat_id, "text": "x", "reply_markup": given} for said, given in markups.items()
    }
    assert await descriptions(bot_api, "sendMessage", cases) == {said: said for said in cases}


async def test_64_bytes_of_callback_data_pass(bot_api: BotApiCall, chat_id: int) -> None:
    markup = keyboard([{"text": "x", "callback_data": "ä" * 32}])

    assert (await bot_api("sendMessage", chat_id=chat_id, text="x", reply_markup=markup))["ok"]


async def test_edits_that_cannot_be_made(
    bot_api: BotApiCall, client_api: httpx.AsyncClient, chat_id: int
) -> None:
    text = (await bot_api("sendMessage", chat_id=chat_id, text="one"))["result"]["message_id"]
    photo = (await bot_api("sendPhoto", {"photo": ("p.jpg", picture(90, 60))}, chat_id=chat_id))["result"]
    foreign = (await say(client_api, chat_id, "mine"))["message_id"]
    below = json.dumps({"keyboard": [[{"text": "x"}]]})
    fixed = (await bot_api("sendMessage", chat_id=chat_id, text="x", reply_markup=below))["result"][
        "message_id"
    ]
    to = {"chat_id": chat_id}
    cases = {
        _NOT_MODIFIED: {**to, "message_id": text, "text": " one "},
        "Bad Request: message to edit not found": {**to, "message_id": 999, "text": "x"},
        "Bad Request: message can't be edited": {**to, "message_id": foreign, "text": "x"},
        "Bad Request: there is no text in the message to edit": {
            **to, "message_id": photo["message_id"], "text": "x"
        },
        "Bad Request: MESSAGE_TOO_LONG": {**to, "message_id": text, "text": _LONG},
        "Bad Request: message text is empty": {**to, "message_id": text, "text": ""},
    }  # fmt: skip

    assert await descriptions(bot_api, "editMessageText", cases) == {said: said for said in cases}
    again = await bot_api("editMessageText", **to, message_id=fixed, text="y")
    assert again["description"] == "Bad Request: message can't be edited"
    caption = await bot_api("editMessageCaption", **to, message_id=text, caption="x")
    assert caption["description"] == "Bad Request: there is no caption in the message to edit"
    nothing = await bot_api("editMessageReplyMarkup", **to, message_id=text)
    assert nothing["description"] == _NOT_MODIFIED
    longer = await bot_api("editMessageCaption", **to, message_id=photo["message_id"], caption="x" * 1025)
    assert longer["description"] == "Bad Request: message caption is too long"


async def test_files_that_cannot_be_sent_again(bot_api: BotApiCall, chat_id: int) -> None:
    photo = (await bot_api("sendPhoto", {"photo": ("p.jpg", picture(90, 60))}, chat_id=chat_id))["result"]
    wrong = "Bad Request: wrong remote file identifier specified: "
    cases = {
        f"{wrong}Wrong character in the string": "no$file",
        f"{wrong}Wrong padding in the string": "AAAAA",
        f"{wrong}can't unserialize it. Wrong last symbol": "AgACAgIAAxkBAAIB",
        "Bad Request: can't use file of type Photo as Audio": photo["photo"][0]["file_id"],
        "Bad Request: there is no audio in the request": "",
        "Bad Request: failed to get HTTP URL content": "https://example.org/a.mp3",
    }
    sent = {said: {"chat_id": chat_id, "audio": file_id} for said, file_id in cases.items()}
    assert await descriptions(bot_api, "sendAudio", sent) == {said: said for said in cases}


async def test_files_that_cannot_be_fetched(bot_api: BotApiCall) -> None:
    cases = {
        "Bad Request: invalid file_id": {"file_id": "AgACAgIAAxkBAAIB"},
        "Bad Request: file_id not specified": {},
    }
    assert await descriptions(bot_api, "getFile", cases) == {said: said for said in cases}


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty.jpg", b"", "Bad Request: file must be non-empty"),
        ("broken.jpg", b"\xff\xd8\xff nothing", "Bad Request: IMAGE_PROCESS_FAILED"),
        ("cut.jpg", picture(600, 400)[:2000], "Bad Request: IMAGE_PROCESS_FAILED"),
        ("strip.png", picture(2100, 100, "PNG"), "Bad Request: PHOTO_INVALID_DIMENSIONS"),
        (
            "large.jpg",
            picture(90, 60) + bytes(10 << 20),
            "Bad Request: file of size {size} bytes is too big for a photo; the maximum size is 10485760 bytes",
        ),
        (
            "icon.ico",
            picture(64, 64, "ICO"),
            "Bad Request: photo has unsupported extension. Use one of .jpg, .jpeg, .gif, .png, .tif or .bmp",
        ),
    ],
)
async def test_photos_that_are_refused(
    bot_api: BotApiCall, chat_id: int, name: str, data: bytes, said: str
) -> None:
    answer = await bot_api("sendPhoto", {"photo": (name, data)}, chat_id=chat_id)

    assert answer["description"] == said.format(size=len(data))


async def test_albums_that_cannot_be_sent(bot_api: BotApiCall, chat_id: int) -> None:
    def items(*kinds: str) -> str:
        return json.dumps([{"type": kind, "media": "AgACAgIAAxkBAAIB"} for kind in kinds])

    albums = {
        'Bad Request: parameter "media" is required': None,
        "Bad Request: there are no messages to send": "[]",
        "Bad Request: too many messages to send as an album": items(*["photo"] * 11),
        "Bad Request: audio can't be mixed with other media types": items("audio", "photo"),
        'Bad Request: can\'t parse InputMedia: type "voice" is unsupported': items("voice", "voice"),
        'Bad Request: type "animation" can\'t be used in sendMediaGroup': items("animation"),
        'Bad Request: failed to send message #1 with the error message "wrong remote file identifier '
        "specified: can't unserialize it. Wrong last symbol\"": items("audio", "audio"),
    }
    cases: dict[str, dict[str, Any]] = {
        said: {"chat_id": chat_id} | ({"media": media} if media else {}) for said, media in albums.items()
    }
    assert await descriptions(bot_api, "sendMediaGroup", cases) == {said: said for said in cases}


async def test_other_refusals(bot_api: BotApiCall, client_api: httpx.AsyncClient, chat_id: int) -> None:
    message = (await say(client_api, chat_id, "hi"))["message_id"]
    to = {"chat_id": chat_id}
    expected: list[tuple[str, dict[str, Any], str]] = [
        ("sendChatAction", {**to, "action": "dance"}, "Bad Request: wrong parameter action in request"),
        ("deleteMessage", {**to, "message_id": 999}, "Bad Request: message to delete not found"),
        ("setMessageReaction", {**to, "message_id": 999}, "Bad Request: message to react not found"),
        (
            "setMessageReaction",
            {**to, "message_id": message, "reaction": '[{"type": "emoji", "emoji": "🦖"}]'},
            "Bad Request: REACTION_INVALID",
        ),
        (
            "answerCallbackQuery",
            {"callback_query_id": "1"},
            "Bad Request: query is too old and response timeout expired or query ID is invalid",
        ),
    ]
    for method, arguments, said in expected:
        assert (await bot_api(method, **arguments))["description"] == said, method


async def test_unknown_messages_are_no_error_when_deleted_together(bot_api: BotApiCall, chat_id: int) -> None:
    assert (await bot_api("deleteMessages", chat_id=chat_id, message_ids="[998, 999]"))["result"] is True


async def test_old_messages_cannot_be_deleted(
    bot_api: BotApiCall, client_api: httpx.AsyncClient, chat_id: int
) -> None:
    message = (await say(client_api, chat_id, "hi"))["message_id"]
    await client_api.post("/clock", json={"advance_s": 49 * 3600})

    answer = await bot_api("deleteMessage", chat_id=chat_id, message_id=message)
    assert answer["description"] == "Bad Request: message can't be deleted"


async def test_who_blocked_the_bot_hears_nothing_of_it(
    bot_api: BotApiCall, client_api: httpx.AsyncClient, chat_id: int
) -> None:
    await client_api.post(f"/chats/{chat_id}/block", json={"blocked": True})
    answers = [
        await bot_api("sendMessage", chat_id=chat_id, text="x"),
        await bot_api("sendChatAction", chat_id=chat_id, action="typing"),
    ]
    await client_api.post(f"/chats/{chat_id}/block", json={"blocked": False})

    assert [a["error_code"] for a in answers] == [403, 403]
    assert {a["description"] for a in answers} == {"Forbidden: bot was blocked by the user"}
    assert (await bot_api("sendMessage", chat_id=chat_id, text="x"))["ok"]


async def test_a_stranger_cannot_be_written_to(bot_api: BotApiCall, client_api: httpx.AsyncClient) -> None:
    group = {"id": -100200, "type": "group", "title": "Friends"}
    member = {"id": 4711, "is_bot": False, "first_name": "Bo"}
    message = {"message_id": 5, "date": 1, "chat": group, "from": member, "text": "hello"}
    await client_api.post("/updates", json={"message": message})

    stranger = await bot_api("sendMessage", chat_id=4711, text="hi")
    assert (stranger["error_code"], stranger["description"]) == (
        403,
        "Forbidden: bot can't initiate conversation with a user",
    )
    assert (await bot_api("sendMessage", chat_id=-100200, text="hi"))["ok"]


async def test_wrong_addresses(server: Playground) -> None:
    async with client_of(server.url) as client:
        paths = {
            f"/bot{server.token}/noSuchMethod": (404, "Not Found: method not found"),
            "/bot123456:another_token/getMe": (401, "Unauthorized"),
            "/botnonsense/getMe": (404, "Not Found"),
            "/elsewhere": (404, "Not Found"),
            f"/file/bot{server.token}/photos/file_99.jpg": (404, "Not Found"),
        }
        for path, (code, description) in paths.items():
            answer = await client.get(path)
            assert answer.status_code == code
            assert answer.json() == {"ok": False, "error_code": code, "description": description}


async def test_known_methods_that_are_not_played_fail_loudly(
    bot_api: BotApiCall, client_api: httpx.AsyncClient
) -> None:
    answer = await bot_api("sendPoll", chat_id=1, question="?", options="[]")

    assert (answer["ok"], answer["error_code"]) == (False, 501)
    assert "sendPoll" in answer["description"]
    assert answer["description"] in await problems(client_api)


async def test_method_names_have_no_case_and_may_be_arguments(server: Playground) -> None:
    async with client_of(f"{server.url}/bot{server.token}") as client:
        answers = [
            await client.get("/GETME"),
            await client.post("/test/getme"),
            await client.post("", json={"method": "getMe"}),
        ]
    assert [a.json()["result"]["id"] for a in answers] == [123456] * 3


async def test_integers_are_clamped_and_flags_read_leniently(bot_api: BotApiCall, chat_id: int) -> None:
    assert (await bot_api("getUpdates", limit=100000, timeout=-4))["result"] == []
    sent = await bot_api("sendMessage", chat_id=chat_id, text="x", protect_content="YES")
    assert sent["result"]["has_protected_content"] is True


async def test_an_upload_beyond_50_mib_is_refused_by_the_front(server: Playground, chat_id: int) -> None:
    async with client_of(server.url) as client:
        answer = await client.post(
            f"/bot{server.token}/sendDocument",
            data={"chat_id": str(chat_id)},
            files={"document": ("big.bin", bytes(52 << 20))},
        )
    assert answer.status_code == 413
    assert "<html>" in answer.text


async def test_a_sound_of_another_format_arrives_as_what_telegram_makes_of_it(
    bot_api: BotApiCall, chat_id: int
) -> None:
    wav, ogg = sound("wav", "pcm_s16le"), sound("ogg", "libopus")
    kinds = {
        "document": await bot_api("sendAudio", {"audio": ("a.wav", wav)}, chat_id=chat_id),
        "voice": await bot_api("sendVoice", {"voice": ("a.ogg", ogg)}, chat_id=chat_id),
    }
    for kind, answer in kinds.items():
        assert kind in answer["result"]


async def test_a_voice_sent_as_audio_stays_a_voice(
    bot_api: BotApiCall, client_api: httpx.AsyncClient, chat_id: int
) -> None:
    await send_file(client_api, chat_id, "voice", "v.ogg", sound("ogg", "libopus"), "audio/ogg")
    received = (await bot_api("getUpdates"))["result"][0]["message"]["voice"]
    again = await bot_api("sendAudio", chat_id=chat_id, audio=received["file_id"], title="ignored")

    voice = again["result"]["voice"]
    assert voice["file_unique_id"] == received["file_unique_id"]
    assert voice["file_id"] != received["file_id"]
