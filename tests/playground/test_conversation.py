"""A conversation through the real python-telegram-bot: what a bot and a person do most."""

import httpx
import telegram
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from playground import Playground
from tests.playground.conftest import events, picture, problems, say, send_file, sound, wait_for_pollers

_BUTTON = InlineKeyboardMarkup([[InlineKeyboardButton("Match", callback_data="match")]])


async def test_a_bot_knows_itself(bot: telegram.Bot) -> None:
    me = await bot.get_me()

    assert me.is_bot
    assert me.id == 123456


async def test_a_text_reaches_the_bot_and_its_answer_reaches_the_person(
    bot: telegram.Bot, client_api: httpx.AsyncClient, chat_id: int
) -> None:
    said = await say(client_api, chat_id, "/start now")
    (update,) = await bot.get_updates(timeout=5)
    assert update.message is not None
    await update.message.reply_text("<b>Hello</b>", parse_mode="HTML", reply_markup=_BUTTON)

    assert update.update_id == said["update_id"]
    assert update.message.message_id == said["message_id"]
    assert update.message.parse_entities(["bot_command"]) == {update.message.entities[0]: "/start"}
    first, second = await events(client_api, chat_id)
    assert first["message"]["text"] == "/start now"
    assert second["message"]["text"] == "Hello"
    assert second["message"]["entities"] == [{"type": "bold", "offset": 0, "length": 5}]
    assert await problems(client_api) == []


async def test_a_photo_arrives_in_sizes_that_can_be_downloaded(
    bot: telegram.Bot, client_api: httpx.AsyncClient, chat_id: int
) -> None:
    sent = await send_file(
        client_api, chat_id, "photo", "me.jpg", picture(1500, 1000), "image/jpeg", caption="me"
    )
    (update,) = await bot.get_updates(timeout=5)

    assert sent.status_code == 200
    assert update.message is not None
    assert [(size.width, size.height) for size in update.message.photo] == [
        (90, 60),
        (320, 213),
        (800, 533),
        (1280, 853),
    ]
    assert update.message.caption == "me"
    file = await update.message.photo[-1].get_file()
    assert file.file_path is not None
    assert "/photos/file_" in file.file_path
    assert len(await file.download_as_bytearray()) == file.file_size


async def test_a_recorded_webm_arrives_as_a_telegram_voice_note(
    bot: telegram.Bot, client_api: httpx.AsyncClient, chat_id: int
) -> None:
    recorded = sound("webm", "libopus", 2.1)
    await send_file(client_api, chat_id, "voice", "blob", recorded, "audio/webm")
    (update,) = await bot.get_updates(timeout=5)

    assert update.message is not None
    voice = update.message.voice
    assert voice is not None
    described = voice.to_dict()
    assert (described["duration"], described["mime_type"]) == (2, "audio/ogg")
    file = await voice.get_file()
    assert str(file.file_path).endswith(".oga")
    assert bytes(await file.download_as_bytearray()).startswith(b"OggS")


async def test_a_pressed_button_is_answered(
    bot: telegram.Bot, client_api: httpx.AsyncClient, chat_id: int
) -> None:
    message = await bot.send_message(chat_id, "Choose", reply_markup=_BUTTON)
    press = {"message_id": message.message_id, "text": "Match"}
    pressed = (await client_api.post(f"/chats/{chat_id}/press", json=press)).json()
    (update,) = await bot.get_updates(timeout=5)
    assert update.callback_query is not None
    assert update.callback_query.data == "match"
    await update.callback_query.answer("On its way", show_alert=True)

    answer = (await client_api.get(f"/callbacks/{pressed['callback_query_id']}", params={"wait": 20})).json()
    assert answer == {"answered": True, "text": "On its way", "show_alert": True}


async def test_an_application_polls_and_answers(
    server: Playground, client_api: httpx.AsyncClient, chat_id: int
) -> None:
    async def echo(update: telegram.Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_photo(picture(300, 200), caption=update.message.text, reply_markup=_BUTTON)

    async def press(update: telegram.Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.callback_query is not None
        await update.callback_query.answer()
        await update.callback_query.edit_message_caption("Matched")

    builder = ApplicationBuilder().token(server.token)
    app: Application = builder.base_url(f"{server.url}/bot").base_file_url(f"{server.url}/file/bot").build()  # type: ignore[type-arg]
    app.add_handler(MessageHandler(filters.TEXT, echo))
    app.add_handler(CallbackQueryHandler(press))
    async with app:
        assert app.updater is not None
        await app.updater.start_polling()
        await app.start()
        await say(client_api, chat_id, "hi")
        found = await client_api.get(f"/chats/{chat_id}/messages", params={"after": 1, "wait": 20})
        answer = found.json()["events"][0]
        await wait_for_pollers(client_api, 1)  # it polls on while it answers
        picked = {"message_id": answer["message"]["message_id"], "data": "match"}
        await client_api.post(f"/chats/{chat_id}/press", json=picked)
        edited = await client_api.get(
            f"/chats/{chat_id}/messages", params={"after": answer["seq"], "wait": 20}
        )
        await app.updater.stop()
        await app.stop()

    assert answer["message"]["caption"] == "hi"
    assert edited.json()["events"][0]["event"] == "edited"
    assert edited.json()["events"][0]["message"]["caption"] == "Matched"
    address = answer["message"]["files"][answer["message"]["photo"][-1]["file_id"]]
    assert (await client_api.get(address)).content.startswith(b"\xff\xd8")
    assert await problems(client_api) == []
