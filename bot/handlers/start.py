"""Introduce Attune, ask for consent, help, and answer what is not understood."""

from bot.delivery import messages
from bot.ui import keyboards
from bot.ui.presses import Press
from bot.updates.context import Handler, UpdateContext
from storage import checkins, people

CONSENT_VERSION = "2026-11"  # of the words under which the consent is asked for
_FIRST_VERSION = "2026-11"  # of those above buttons that do not say which


async def start(context: UpdateContext) -> None:
    """Say what Attune does and keeps; the first button is the consent (/start)."""
    if context.consented:
        await context.say(context.words.welcome_back)
    else:
        await context.say(_introduction(context), keyboards.consent(context.words, CONSENT_VERSION))


def _introduction(context: UpdateContext) -> str:
    settings = context.services.settings
    return f"{context.words.start}\n\n{context.words.terms(settings.retention_days, settings.operator)}"


async def consent(context: UpdateContext, press: Press) -> None:
    """Record the yes or no to being read; a yes to words that have changed since is asked for anew."""
    agreed, person = press.arguments[:1] == ("yes",), context.person
    if agreed and (press.arguments[1:] or (_FIRST_VERSION,)) != (CONSENT_VERSION,):
        await ask_consent(context)
        return
    await context.toast()
    async with context.unit_of_work() as work:
        if agreed:
            await people.get_or_create(work.session, person.id, person.chat_id, person.language_code)
            await people.give_consent(work.session, person.id, CONSENT_VERSION)
        else:
            await people.withdraw_consent(work.session, person.id)
            await checkins.cancel_open(work.session, person.id)
        if context.query.message:
            await work.say(messages.new_keyboard(context.query.message.message_id, None))
        await work.say(messages.text(_answer(context, agreed)))


def _answer(context: UpdateContext, agreed: bool) -> str:
    if agreed:
        return context.words.consent_thanks
    return context.words.consent_withdrawn if context.consented else context.words.consent_declined


def consenting(handler: Handler) -> Handler:
    """Wrap a handler so that it runs only with consent and else asks for it."""

    async def guarded(context: UpdateContext) -> None:
        await (handler(context) if context.consented else ask_consent(context))

    return guarded


async def ask_consent(context: UpdateContext) -> None:
    """Ask for consent, and say to what: nobody should agree to what they have not been told."""
    if context.update.callback_query:
        await context.toast(context.words.consent_first)
    await context.say(
        f"{context.words.consent_first}\n\n{_introduction(context)}",
        keyboards.consent(context.words, CONSENT_VERSION),
    )


async def help_(context: UpdateContext) -> None:
    """Explain how Attune works (/help)."""
    await context.say(context.words.help(context.services.settings.checkin_minutes))


async def unknown(context: UpdateContext) -> None:
    """Answer what no other handler took."""
    drawn = context.message.sticker or context.message.animation
    await context.say(context.words.unknown_sticker if drawn else context.words.unknown)
