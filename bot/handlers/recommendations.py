"""Match, Regulate and More: tracks of the person's own playlist for a reading.

What was asked for is a wish, recorded with the check-in. It is fulfilled as soon as there is a playlist: at once, when
one arrives, or after a restart.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from telegram import CallbackQuery, Message
from telegram.constants import ChatAction

from bot.delivery import messages
from bot.services import Services
from bot.ui import chat_actions, keyboards, pictures
from bot.ui.presses import Action, Press
from bot.ui.words import Words, words_for
from bot.updates.context import Ending, Turn
from bot.usecases import track_mapping
from bot.usecases.track_mapping import SelectionRequest
from domain import Emotion, Goal, Posterior, goal_for
from domain.tracks import MoodSource
from inference.pool import PoolError
from music.listen import listen_link
from music.selection import Choice
from storage import checkins, outbox, people, playlists, plays
from storage.checkins import Checkin
from storage.models import Wish
from storage.people import Person
from storage.playlists import StoredTrack
from storage.plays import Play, Thumb

log = logging.getLogger(__name__)

COUNT = 5  # tracks at once
_RECENT = 50  # tracks sent lately that step back
_TWICE = timedelta(seconds=3)  # an impatient finger; whoever has seen the list presses later


async def ask(turn: Turn, press: Press) -> None:
    """The buttons Match, Regulate and More."""
    async with turn.services.db.read() as s:
        checkin = await checkins.get(s, press.number() or 0)
    if checkin is None or checkin.person_id != turn.person.id or not checkin.answered:
        await turn.toast(turn.words.too_old)
        return
    wanted: Wish = "match" if press.action is Action.MATCH else "regulate"
    await turn.toast()
    async with turn.ending() as end:
        if not await _pressed_twice(end, checkin, wanted):
            await wish(end, checkin.id, wanted)
    await fulfil(turn.services, turn.person, turn.words)


async def _pressed_twice(end: Ending, checkin: Checkin, wanted: Wish) -> bool:
    """Whether the list is on its way, or came a moment ago; the button under that very list asks for another."""
    sent = _sent_for(checkin, wanted, await plays.for_checkin(end.session, checkin.id))
    if not sent or sent[-1].id in _listed(end.turn.query):
        return False
    last = await outbox.find(end.session, _key(sent[-1].id))
    waits = last is not None and last.state in ("pending", "sending")
    return waits or datetime.now(UTC) - sent[-1].created_at < _TWICE


def _listed(query: CallbackQuery) -> list[int]:
    """The plays whose thumbs stand under the message of the button."""
    markup = query.message.reply_markup if isinstance(query.message, Message) else None
    return keyboards.rated(markup) if markup else []


async def wish(end: Ending, checkin_id: int, wanted: Wish) -> None:
    """Record it; where there is no music yet, say which ways there are."""
    await checkins.set_wish(end.session, checkin_id, wanted)
    if not await playlists.active(end.session, end.turn.person.id):
        await end.say(messages.text(end.turn.words.no_playlist))


@dataclass(frozen=True, slots=True)
class _Order:
    """A wish with all that the choice needs."""

    checkin: Checkin
    mode: Wish
    playlist: str  # its name, or the names of all that are active
    tracks: list[StoredTrack]
    wanted: SelectionRequest
    emotion: Emotion


async def fulfil(services: Services, person: Person, words: Words) -> None:
    """Send the tracks that the person waits for, if any and if there is a playlist."""
    order = await _order(services, person)
    if order is None:
        return
    async with chat_actions.shown(services.bot, person.chat_id, ChatAction.TYPING):
        choices = await services.pool.run(track_mapping.choose, order.tracks, order.wanted)
    async with services.db.write() as s:
        still = await checkins.pending_wish(s, person.id)
        if still is None or (still.id, still.wish) != (order.checkin.id, order.mode):
            return
        await checkins.set_wish(s, order.checkin.id, None)  # with which this cannot happen twice
        sent = [(c.id, c.track.title, c.track.artist, c.reason.step) for c in choices]
        play_ids = await plays.add(s, person.id, order.checkin.id, order.mode, sent)
        said = _messages(order, choices, play_ids, words)
        keys = [*(_key(uuid4().hex) for _ in said[1:]), _key(play_ids[-1] if play_ids else uuid4().hex)]
        for key, message in zip(keys, said, strict=True):
            await outbox.add(s, key, person.chat_id, message.method, message.arguments, person.id)
    services.sender.wake()


def _key(name: int | str) -> str:
    """Under which a message is recorded: the last one of a list goes by its last track."""
    return f"tracks:{name}"


async def fulfil_all(services: Services) -> None:
    """After a restart: every wish that was recorded and not fulfilled."""
    async with services.db.read() as s:
        waiting = [await people.get(s, checkin.person_id) for checkin in await checkins.wishes(s)]
    for person in filter(None, waiting):
        try:
            await fulfil(services, person, words_for(person.language_code))
        except PoolError as error:  # the wish stays: the person's next press or playlist fulfils it
            log.warning("event=wish_waits error=%s", type(error).__name__)


async def _order(services: Services, person: Person) -> _Order | None:
    async with services.db.read() as s:
        checkin = await checkins.pending_wish(s, person.id)
        chosen = await playlists.active(s, person.id)
        if checkin is None or checkin.wish is None or not chosen:
            return None
        state = state_of(checkin)
        sent = await plays.for_checkin(s, checkin.id)
        wanted = SelectionRequest(
            state.affect,
            state.affect_sd,
            goal_for(state.affect) if checkin.wish == "regulate" else None,
            COUNT,
            seed=checkin.id * 1000 + len(sent),
            exclude=frozenset(
                p.track_id for p in _sent_for(checkin, checkin.wish, sent) if p.track_id is not None
            ),
            recent=tuple(await plays.recent_track_ids(s, person.id, _RECENT)),
            thumbs=tuple[Thumb, ...](await plays.thumbs(s, person.id)),
        )
        tracks = [track for playlist in chosen for track in await playlists.tracks(s, playlist.id)]
        name = " + ".join(playlist.name for playlist in chosen)
        return _Order(checkin, checkin.wish, name, tracks, wanted, state.top)


def _sent_for(checkin: Checkin, wanted: Wish, sent: Sequence[Play]) -> list[Play]:
    """What was sent for this wish; a correction makes it another one."""
    since = checkin.corrected_at
    return [play for play in sent if play.mode == wanted and not (since and play.created_at < since)]


def state_of(checkin: Checkin) -> Posterior:
    """How the person is: what they said themselves, else what was read."""
    if checkin.corrected:
        return Posterior.certain(Emotion(checkin.corrected))
    assert checkin.reading is not None
    return Posterior.from_dict(checkin.reading["probabilities"])


def _messages(
    order: _Order, choices: Sequence[Choice], play_ids: Sequence[int], words: Words
) -> list[messages.Message]:
    """The way where there is one, a heading with the tracks to open, albums of those to play, and the thumbs."""
    if not choices:
        return [messages.text(words.no_more)]
    numbered = list(enumerate(choices, 1))
    files = [(c.track.file_id, words.track(n, c, None)) for n, c in numbered if c.track.file_id]
    links = [words.track(n, c, listen_link(c.track)) for n, c in numbered if not c.track.file_id]
    text = "\n\n".join([_heading(order, choices, words), *links])
    buttons = keyboards.thumbs(words, play_ids, order.checkin.id, order.mode)
    if not files:
        return [*_picture(order, choices, words), messages.text(text, buttons)]
    played = [messages.text(text), *messages.audios(files), messages.text(words.rate, buttons)]
    return [*_picture(order, choices, words), *played]


def _picture(order: _Order, choices: Sequence[Choice], words: Words) -> list[messages.Message]:
    """The way that Regulate goes."""
    goal = order.wanted.goal
    if goal is None:
        return []
    title = words.walk_title(order.emotion, goal)
    picture = pictures.of_walk(order.wanted.affect, goal, choices, title, words)
    return [messages.card(picture, words.walk_caption)]


def _heading(order: _Order, choices: Sequence[Choice], words: Words) -> str:
    """What the tracks are for, and which of the list are not among them."""
    ids, chosen = {track.id for track in order.tracks}, {choice.id for choice in choices}
    unknown = [
        t for t in order.tracks if t.id not in chosen and t.mood and t.mood.source == MoodSource.UNKNOWN
    ]
    left_out = words.left_out(len(order.wanted.exclude & ids), len(unknown))
    return "\n".join(filter(None, [_title(order, words), left_out]))


def _title(order: _Order, words: Words) -> str:
    goal: Goal | None = order.wanted.goal
    if goal is None:
        return words.match_title(order.emotion, order.playlist)
    return words.regulate_title(order.emotion, goal, order.playlist)
