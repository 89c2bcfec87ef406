"""/start, the consent, /help, and whatever is not understood."""

from bot.delivery import messages
from bot.ui import keyboards
from bot.ui.presses import Press
from bot.updates.context import Handler, Turn
from storage import checkins, people

CONSENT_VERSION = "2026-11"  # of the words under which the consent was given


async def start(turn: Turn) -> None:
    """What Attune does and keeps; the first button is the consent."""
    if turn.consented:
        await turn.say(turn.words.welcome_back)
    else:
        await turn.say(_introduction(turn), keyboards.consent(turn.words))


def _introduction(turn: Turn) -> str:
    settings = turn.services.settings
    return f"{turn.words.start}\n\n{turn.words.terms(settings.retention_days, settings.operator)}"


async def consent(turn: Turn, press: Press) -> None:
    """Yes or no to being read."""
    agreed, person = press.arguments == ("yes",), turn.person
    await turn.toast()
    async with turn.ending() as end:
        if agreed:
            await people.get_or_create(end.session, person.id, person.chat_id, person.language_code)
            await people.give_consent(end.session, person.id, CONSENT_VERSION)
        else:
            await people.withdraw_consent(end.session, person.id)
            await checkins.cancel_open(end.session, person.id)
        if turn.query.message:
            await end.say(messages.new_keyboard(turn.query.message.message_id, None))
        await end.say(messages.text(_answer(turn, agreed)))


def _answer(turn: Turn, agreed: bool) -> str:
    if agreed:
        return turn.words.consent_thanks
    return turn.words.consent_withdrawn if turn.consented else turn.words.consent_declined


def consenting(handler: Handler) -> Handler:
    """The same handler, which runs only with consent and else asks for it."""

    async def guarded(turn: Turn) -> None:
        await (handler(turn) if turn.consented else ask_consent(turn))

    return guarded


async def ask_consent(turn: Turn) -> None:
    """Nothing is read or kept before; nobody should agree to what they have not been told."""
    if turn.update.callback_query:
        await turn.toast(turn.words.consent_first)
    await turn.say(f"{turn.words.consent_first}\n\n{_introduction(turn)}", keyboards.consent(turn.words))


async def help_(turn: Turn) -> None:
    """How it works."""
    await turn.say(turn.words.help)


async def unknown(turn: Turn) -> None:
    """Anything that nothing else took."""
    drawn = turn.message.sticker or turn.message.animation
    await turn.say(turn.words.unknown_sticker if drawn else turn.words.unknown)
