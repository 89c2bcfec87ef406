"""Send tracks of the person's own playlist that match a mood or lead out of it.

What was asked for is a wish, recorded with the check-in. It is fulfilled as soon as there is a playlist: at once, when
one arrives, or after a restart.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery import messages
from bot.delivery.outbox import post
from bot.delivery.track_messages import TrackList, messages_of
from bot.delivery.unit_of_work import Event, UnitOfWork
from bot.logs import get_logger
from bot.services import Services
from bot.ui import chat_actions
from bot.ui.words import Words, words_for
from bot.usecases import track_mapping
from bot.usecases.personal_state import personal_state
from bot.usecases.playlists import MOST_TRACKS
from domain import Emotion, Goal, goal_for
from domain.tracks import MoodSource
from inference.pool import PoolError
from music.selection import Choice, SelectionRequest
from storage import checkins, outbox, people, playlists, plays
from storage.checkins import Checkin
from storage.models import Wish
from storage.people import Person
from storage.plays import Play
from storage.tracks import TrackColumns

log = get_logger(__name__)

COUNT = 5  # tracks at once
_RECENT = 50  # tracks sent lately that step back
_TRIES = 3  # after as many restarts
_TWICE = timedelta(seconds=3)  # an impatient finger; whoever has seen the list presses later


async def ask(work: UnitOfWork, checkin: Checkin, wanted: Wish, listed: Collection[int]) -> None:
    """Wish for tracks, once however often the button is pressed; an earlier wish may be left by a busy pool.

    `listed` are the plays of the list under which the button stands.
    """
    work.events.add(Event.TRACKS_WISHED)
    if not await _is_repeated(work.session, checkin, wanted, listed):
        await wish(work, checkin.id, wanted)


async def wish(work: UnitOfWork, checkin_id: int, wanted: Wish) -> None:
    """Record that tracks are wanted; where there is no music yet, say which ways there are."""
    await checkins.set_wish(work.session, checkin_id, wanted)
    work.events.add(Event.TRACKS_WISHED)
    if not await playlists.active(work.session, work.person.id):
        await work.say(messages.text(work.words.no_playlist))


async def _is_repeated(s: AsyncSession, checkin: Checkin, wanted: Wish, listed: Collection[int]) -> bool:
    """Tell whether the list is on its way already, or came a moment ago, so that this is the same press once more.

    `listed` are the plays of the list under which the button stands: that one asks for another list.
    """
    sent = _sent_for(checkin, wanted, await plays.for_checkin(s, checkin.id))
    if not sent or sent[-1].id in listed:
        return False
    last = await outbox.find(s, _key(sent[-1].id))
    waits = last is not None and last.state in ("pending", "sending")
    return waits or datetime.now(UTC) - sent[-1].created_at < _TWICE


@dataclass(frozen=True, slots=True)
class _Order:
    """Hold a wish with all that the choice needs."""

    checkin: Checkin
    mode: Wish
    playlist: str  # its name, or the names of all that are active
    columns: TrackColumns
    emotion: Emotion
    goal: Goal | None
    request: SelectionRequest
    seed: int


async def fulfil(services: Services, person: Person, words: Words) -> None:
    """Send the tracks that the person waits for, if any and if there is a playlist. Raises PoolError."""
    order = await _order(services, person)
    if order is None:
        return
    async with chat_actions.typing(services.bot, person.chat_id):
        chosen = await services.pool.run(track_mapping.choose, order.columns, order.request, order.seed)
    async with services.db.write() as s:
        stored = await playlists.tracks_by_id(s, [choice.id for choice in chosen])
        choices = track_mapping.with_whole_tracks(chosen, stored)
        still = await checkins.pending_wish(s, person.id)
        if still is None or (still.id, still.wish) != (order.checkin.id, order.mode):
            return
        await checkins.set_wish(s, order.checkin.id, None)  # with which this cannot happen twice
        sent = [(c.id, c.track.title, c.track.artist, c.reason.step) for c in choices]
        play_ids = await plays.add(s, person.id, order.checkin.id, order.mode, sent)
        said = messages_of(_listed(order, choices), play_ids, words)
        keys = [*(_key(uuid4().hex) for _ in said[1:]), _key(play_ids[-1] if play_ids else uuid4().hex)]
        for key, message in zip(keys, said, strict=True):
            await post(s, key, person, message)
    services.sender.wake()


def _key(name: int | str) -> str:
    """Return the key of a message; the last one of a list goes by its last track."""
    return f"tracks:{name}"


async def fulfil_all(services: Services) -> None:
    """Fulfil every wish that was recorded and not fulfilled, as after a restart."""
    async with services.db.read() as s:
        waiting = [(checkin, await people.get(s, checkin.person_id)) for checkin in await checkins.wishes(s)]
    for checkin, person in waiting:
        if person is None or not await _may_try(services, checkin, person):
            continue
        try:
            await fulfil(services, person, words_for(person.language_code))
        except PoolError as error:  # the wish stays: the person's next press or playlist fulfils it
            log.warning("wish_waits", error=type(error).__name__)
            async with services.db.write() as s:
                await checkins.forget_tries(s, checkin.id)


async def _may_try(services: Services, checkin: Checkin, person: Person) -> bool:
    """Count a try before it is made; a wish that ended the process too often is given up with a sentence."""
    async with services.db.write() as s:
        if await checkins.count_try(s, checkin.id) <= _TRIES:
            return True
        await checkins.set_wish(s, checkin.id, None)
        sorry = messages.text(words_for(person.language_code).broken)
        await post(s, _key(uuid4().hex), person, sorry)
    services.sender.wake()
    return False


async def _order(services: Services, person: Person) -> _Order | None:
    async with services.db.read() as s:
        checkin = await checkins.pending_wish(s, person.id)
        chosen = await playlists.active(s, person.id)
        if checkin is None or checkin.wish is None or not chosen:
            return None
        state = personal_state(checkin)
        sent = await plays.for_checkin(s, checkin.id)
        goal = goal_for(state.affect) if checkin.wish == "regulate" else None
        request = SelectionRequest(
            state.affect,
            COUNT,
            goal.affect if goal else None,
            state.affect_sd,
            exclude=frozenset(
                p.track_id for p in _sent_for(checkin, checkin.wish, sent) if p.track_id is not None
            ),
            recent=tuple(await plays.recent_track_ids(s, person.id, _RECENT)),
            taste=track_mapping.taste_of(await plays.thumbs(s, person.id)),
        )
        lists = [playlist.id for playlist in chosen]
        columns = await playlists.columns_for_selection(s, lists, MOST_TRACKS)
        name = " + ".join(playlist.name for playlist in chosen)
        seed = checkin.id * 1000 + len(sent)
        return _Order(checkin, checkin.wish, name, columns, state.top, goal, request, seed)


def _sent_for(checkin: Checkin, wanted: Wish, sent: Sequence[Play]) -> list[Play]:
    """Return what was sent for this wish; a correction makes it another one."""
    since = checkin.corrected_at
    return [play for play in sent if play.mode == wanted and not (since and play.created_at < since)]


def _listed(order: _Order, choices: Sequence[Choice]) -> TrackList:
    ids = set(order.columns.ids)
    chosen_unknown = sum(choice.mood.source is MoodSource.UNKNOWN for choice in choices)
    return TrackList(
        checkin_id=order.checkin.id,
        mode=order.mode,
        emotion=order.emotion,
        start=order.request.affect,
        goal=order.goal,
        playlist=order.playlist,
        choices=choices,
        sent_before=len(order.request.exclude & ids),
        unknown=order.columns.sources.count(MoodSource.UNKNOWN.value) - chosen_unknown,
    )
