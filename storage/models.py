"""Define the schema, one class per table.

Rows never leave this package: repositories hand out frozen dataclasses.

Ids of check-ins, playlists, tracks and plays stand in buttons that stay in the chat for years, so they are
never given twice (`sqlite_autoincrement`).
"""

from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Double,
    ForeignKey,
    Index,
    MetaData,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from domain import EMOTIONS
from storage.types import BigId, Json, UtcDateTime

Mode = Literal["ask", "match", "regulate"]
Wish = Literal["match", "regulate"]
CheckinState = Literal["open", "read", "cancelled"]
OutboxState = Literal["pending", "sending", "sent", "unknown", "failed"]

# Shared by an index over a part of the outbox and the queries meant to use it: the words must be the same.
OUTBOX_UNFINISHED = "state IN ('pending', 'sending')"


class Base(DeclarativeBase):
    """Share names of constraints and types of columns between all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  (SQLAlchemy's own declaration)
        int: BigId,
        float: Double,
        str: Text,
        datetime: UtcDateTime,
        Json: JSON(none_as_null=True),
        list[int]: JSON(none_as_null=True),
    }


def one_of(column: str, choices: tuple[str, ...]) -> CheckConstraint:
    """Return a CHECK that a column holds one of these words (or NULL)."""
    words = ", ".join(f"'{choice}'" for choice in choices)
    return CheckConstraint(f"{column} IN ({words})", name=column)


def index_where(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """Return an index over a part of the table, on SQLite and PostgreSQL alike."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


class InboxRow(Base):
    """Hold an update from Telegram, committed before Telegram hears that it was taken."""

    __tablename__ = "inbox"
    __table_args__ = (index_where("ix_inbox_waiting", "update_id", where="handled_at IS NULL"),)

    update_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    chat_id: Mapped[int | None] = mapped_column(index=True)
    person_id: Mapped[int | None] = mapped_column(index=True)
    payload: Mapped[Json]
    received_at: Mapped[datetime]
    attempts: Mapped[int]
    handled_at: Mapped[datetime | None]


class OutboxRow(Base):
    """Hold a message to send, recorded under its key before it is sent, and the update that it answers, if any."""

    __tablename__ = "outbox"
    __table_args__ = (
        one_of("state", get_args(OutboxState)),
        index_where("ix_outbox_line", "chat_id", "id", where=OUTBOX_UNFINISHED),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    update_id: Mapped[int | None]
    chat_id: Mapped[int] = mapped_column(index=True)
    person_id: Mapped[int | None] = mapped_column(index=True)
    method: Mapped[str]
    arguments: Mapped[Json]
    state: Mapped[OutboxState] = mapped_column(Text)
    reason: Mapped[str | None]
    message_ids: Mapped[list[int]]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class PersonRow(Base):
    """Hold somebody who talks to Attune; the id is Telegram's."""

    __tablename__ = "people"
    __table_args__ = (one_of("mode", get_args(Mode)),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    chat_id: Mapped[int]
    language_code: Mapped[str | None]
    mode: Mapped[Mode] = mapped_column(Text)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class ConsentRow(Base):
    """Hold a consent to a version of the privacy text, in force while it is not withdrawn."""

    __tablename__ = "consents"
    __table_args__ = (
        index_where(
            "uq_consents_in_force", "person_id", "version", where="withdrawn_at IS NULL", unique=True
        ),
        Index(None, "person_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    version: Mapped[str]
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class CheckinRow(Base):
    """Hold what was read of a selfie, a voice note and a sentence: numbers only, never what was sent."""

    __tablename__ = "checkins"
    __table_args__ = (
        one_of("state", get_args(CheckinState)),
        one_of("corrected", tuple(emotion.value for emotion in EMOTIONS)),
        one_of("wish", get_args(Wish)),
        CheckConstraint("state <> 'read' OR reading IS NOT NULL OR corrected IS NOT NULL", name="reading"),
        index_where("uq_checkins_open", "person_id", where="state = 'open'", unique=True),
        Index(None, "person_id", "state"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    opened_at: Mapped[datetime]
    touched_at: Mapped[datetime]
    state: Mapped[CheckinState] = mapped_column(Text)
    face: Mapped[Json | None]
    voice: Mapped[Json | None]
    text: Mapped[Json | None]
    reading: Mapped[Json | None]
    corrected: Mapped[str | None]
    corrected_at: Mapped[datetime | None]
    wish: Mapped[Wish | None] = mapped_column(Text)
    wish_tries: Mapped[int] = mapped_column(server_default="0", default=0)
    face_update_id: Mapped[int | None]
    voice_update_id: Mapped[int | None]
    text_update_id: Mapped[int | None]
    origin: Mapped[str | None]


class PlaylistRow(Base):
    """Hold a person's playlist; tracks are chosen from the active ones."""

    __tablename__ = "playlists"
    __table_args__ = (
        UniqueConstraint("person_id", "source", "source_ref"),
        UniqueConstraint("person_id", "update_id"),
        index_where("ix_playlists_active", "person_id", where="active"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    name: Mapped[str]
    source: Mapped[str]
    source_ref: Mapped[str | None]
    update_id: Mapped[int | None]
    active: Mapped[bool]
    created_at: Mapped[datetime]
    refreshed_at: Mapped[datetime | None]


class LoginRow(Base):
    """Hold a person's login at a music service, or an attempt; `verifier` and `token` are encrypted."""

    __tablename__ = "logins"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    service: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str | None]
    verifier: Mapped[str | None]
    started_at: Mapped[datetime | None]
    token: Mapped[str | None]
    linked_at: Mapped[datetime | None]


class TrackRow(Base):
    """Hold a track of a playlist."""

    __tablename__ = "tracks"
    __table_args__ = (
        UniqueConstraint("playlist_id", "position"),
        UniqueConstraint("playlist_id", "file_unique_id"),
        CheckConstraint("duration_s >= 0", name="duration_s"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    playlist_id: Mapped[int] = mapped_column(ForeignKey("playlists.id", ondelete="CASCADE"))
    position: Mapped[int]
    title: Mapped[str]
    artist: Mapped[str]
    album: Mapped[str | None]
    duration_s: Mapped[float | None]
    isrc: Mapped[str | None]
    link: Mapped[str | None]
    file_id: Mapped[str | None]
    file_unique_id: Mapped[str | None]
    extra: Mapped[Json]


class MoodRow(Base):
    """Hold where a track lies on the plane of affect by all estimates together, and how sure that is."""

    __tablename__ = "moods"
    __table_args__ = (
        CheckConstraint("valence BETWEEN -1 AND 1", name="valence"),
        CheckConstraint("arousal BETWEEN -1 AND 1", name="arousal"),
        CheckConstraint("sd_valence >= 0 AND sd_arousal >= 0", name="sd"),
    )

    track_id: Mapped[int] = mapped_column(
        ForeignKey("tracks.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    valence: Mapped[float]
    arousal: Mapped[float]
    sd_valence: Mapped[float]
    sd_arousal: Mapped[float]
    source: Mapped[str]
    tempo: Mapped[float | None]


class EstimateRow(Base):
    """Hold a provider's answer about a track, and when it came; no valence where the provider knows nothing."""

    __tablename__ = "estimates"
    __table_args__ = (Index(None, "provider", "key"),)

    track_id: Mapped[int] = mapped_column(
        ForeignKey("tracks.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    provider: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str | None]
    valence: Mapped[float | None]
    arousal: Mapped[float | None]
    sd_valence: Mapped[float | None]
    sd_arousal: Mapped[float | None]
    source: Mapped[str | None]
    tempo: Mapped[float | None]
    at: Mapped[datetime]


class PlayRow(Base):
    """Hold a track that was sent; title and artist stay for the person's taste when the playlist goes.

    `source` is that of the playlist, so that plays can be forgotten with all else that came from there.
    """

    __tablename__ = "plays"
    __table_args__ = (
        one_of("mode", get_args(Wish)),
        Index(None, "person_id"),
        Index(None, "checkin_id"),
        Index(None, "track_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    checkin_id: Mapped[int] = mapped_column(ForeignKey("checkins.id", ondelete="CASCADE"))
    track_id: Mapped[int | None] = mapped_column(ForeignKey("tracks.id", ondelete="SET NULL"))
    title: Mapped[str]
    artist: Mapped[str]
    source: Mapped[str | None]
    mode: Mapped[Wish] = mapped_column(Text)
    step: Mapped[int | None]
    created_at: Mapped[datetime]


class AnswerRow(Base):
    """Hold the thumb that a play got: 1 is up, -1 is down."""

    __tablename__ = "answers"
    __table_args__ = (CheckConstraint("thumb IN (-1, 1)", name="thumb"),)

    play_id: Mapped[int] = mapped_column(
        ForeignKey("plays.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    thumb: Mapped[int]
    at: Mapped[datetime]
