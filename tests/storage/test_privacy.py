"""The copy of everything, and the end of everything: in the tables and in the bytes of the files."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain import Affect, Emotion, Posterior
from domain.readings import ModalityReading, Reading
from domain.tracks import MoodSource, Track, TrackMood
from storage import Database, checkins, estimates, inbox, logins, outbox, people, playlists, plays
from storage.estimates import Estimate
from storage.models import Base
from tests.storage.conftest import PERSON, STRANGER

TABLES = set(Base.metadata.tables)


async def _live(s: AsyncSession, person_id: int, word: str, updates: range) -> None:
    """Leave something in every table, `word` in every text of it."""
    now = datetime.now(UTC)
    await people.get_or_create(s, person_id, person_id, word)
    await people.give_consent(s, person_id, word)
    for update_id in updates:
        await inbox.add(s, update_id, person_id, person_id, {"text": word * (update_id % 50)})
        await outbox.add(s, f"{word}:{update_id}", person_id, "sendMessage", {"text": word}, person_id)
    await inbox.done(s, updates[0])
    mood = TrackMood(Affect(0.1, 0.1), 0.1, 0.1, MoodSource.TITLE)
    new = [(Track(f"{word}{i}", word * (i % 9), link=word, file_id=word), mood) for i in range(300)]
    playlist = await playlists.add(s, person_id, word, "file", word, new)
    await logins.begin(s, person_id, word, word, word)
    await logins.save_token(s, person_id, word, word)
    checkin = await checkins.start(s, person_id, now)
    face = ModalityReading(Posterior.certain(Emotion.SAD), {word: 1.0}, (word,))
    await checkins.put_parts(s, checkin.id, {"face": face}, updates[0], now)
    await checkins.set_reading(s, checkin.id, Reading(face.posterior, True, False, face), now)
    track = (await playlists.tracks(s, playlist.id))[0]
    await estimates.save(s, word, {track.id: Estimate(word, mood)})
    (play,) = await plays.add(s, person_id, checkin.id, "match", [(track.id, word, word, 1)])
    await plays.set_thumb(s, play, 1)


async def _rows(s: AsyncSession) -> dict[str, int]:
    return {
        name: await s.scalar(select(func.count()).select_from(table)) or 0
        for name, table in Base.metadata.tables.items()
    }


async def test_the_copy_names_every_table_and_only_the_persons_rows(s: AsyncSession) -> None:
    await _live(s, PERSON, "mine", range(10, 15))
    await _live(s, STRANGER, "foreign", range(20, 25))
    copy = await people.export(s, PERSON)
    assert {name for name, rows in copy.items() if rows} == TABLES
    written = json.dumps(copy)
    assert "mine" in written
    assert "foreign" not in written
    assert set(copy["logins"][0]) & {"state", "verifier", "token"} == set()
    assert copy["people"][0]["id"] == PERSON
    assert datetime.fromisoformat(copy["people"][0]["created_at"]).tzinfo is not None


async def test_the_receipt_counts_what_went_and_others_keep_everything(s: AsyncSession) -> None:
    await _live(s, STRANGER, "foreign", range(20, 25))
    before, theirs = await _rows(s), await people.export(s, STRANGER)
    await _live(s, PERSON, "mine", range(10, 15))
    receipt = await people.delete_everything(s, PERSON)
    assert set(receipt) == TABLES
    assert receipt == {name: len(rows) for name, rows in theirs.items()}
    assert not any((await people.export(s, PERSON)).values())
    assert await people.export(s, STRANGER) == theirs
    # The person of the fixture is gone too; of five updates the bare numbers stay.
    assert await _rows(s) == {**before, "people": 1, "inbox": 10}


async def test_updates_stay_known_and_none_of_the_persons_waits_any_more(s: AsyncSession) -> None:
    await _live(s, PERSON, "mine", range(10, 15))
    await people.delete_everything(s, PERSON)
    assert await inbox.pending(s) == []
    assert not await inbox.add(s, 12, PERSON, PERSON, {})
    assert await inbox.prune(s, timedelta(0)) == 5


async def test_deleting_somebody_unknown_removes_nothing(s: AsyncSession) -> None:
    await _live(s, PERSON, "mine", range(10, 15))
    before = await _rows(s)
    assert set((await people.delete_everything(s, 404)).values()) == {0}
    assert await _rows(s) == before


async def _talk(s: AsyncSession, words: dict[int, str], random: Random) -> None:
    """Messages of both people, mixed, of all sizes: their index splits pages, where stale copies stay."""
    for number in range(600):
        person_id, word = random.choice(list(words.items()))
        text = {"text": word * random.randrange(1, 20)}
        key = f"{random.random()}-{word * random.randrange(1, 6)}"
        await outbox.add(s, key, person_id, "sendMessage", text, person_id)
        if number % 2 and (item := await outbox.next_pending(s)):
            await outbox.mark_sending(s, item.id)
            await outbox.mark_sent(s, item.id, [number])


async def test_no_byte_of_the_person_stays_in_the_files(db: Database, tmp_path: Path) -> None:
    words = {PERSON: "Vergissmeinnicht", STRANGER: "Hahnenfuss"}
    async with db.write() as s:
        for person_id, word in words.items():
            await _live(s, person_id, word, range(len(word) * 100, len(word) * 100 + 60))
        await _talk(s, words, Random(1))
    mine, theirs = words[PERSON].encode(), words[STRANGER].encode()
    assert _found(tmp_path, mine) > 0
    assert _found(tmp_path, _stored(PERSON)) > 0
    async with db.write() as s:
        await people.delete_everything(s, PERSON)
    await db.erase_traces()
    assert _found(tmp_path, mine) == 0
    assert _found(tmp_path, _stored(PERSON)) == 0
    assert _found(tmp_path, theirs) > 0
    await db.close()
    assert _found(tmp_path, mine) == 0


async def test_a_handled_update_is_overwritten_without_being_erased_as_well(
    db: Database, tmp_path: Path
) -> None:
    async with db.write() as s:
        await inbox.add(s, 1, PERSON, PERSON, {"text": "Vergissmeinnicht" * 1000})
    assert _found(tmp_path, b"Vergissmeinnicht") > 0
    async with db.write() as s:
        await inbox.done(s, 1)
    await db.close()  # copies the write-ahead log into the file and removes it
    assert _found(tmp_path, b"Vergissmeinnicht") == 0


def _stored(number: int) -> bytes:
    """An id as SQLite writes it: six bytes, big end first."""
    return number.to_bytes(6, "big")


def _found(folder: Path, what: bytes) -> int:
    return sum(file.read_bytes().count(what) for file in folder.iterdir())
