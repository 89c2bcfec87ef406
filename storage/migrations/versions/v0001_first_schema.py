"""Create the first schema."""

import sqlalchemy as sa
from alembic import op

from storage.types import BigId, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "inbox",
        sa.Column("update_id", BigId, autoincrement=False, nullable=False),
        sa.Column("chat_id", BigId),
        sa.Column("person_id", BigId),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", BigId, nullable=False),
        sa.Column("handled_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_inbox")),
    )
    op.create_index(op.f("ix_inbox_chat_id"), "inbox", ["chat_id"])
    op.create_index(op.f("ix_inbox_person_id"), "inbox", ["person_id"])
    op.create_index(
        "ix_inbox_waiting",
        "inbox",
        ["update_id"],
        sqlite_where=sa.text("handled_at IS NULL"),
        postgresql_where=sa.text("handled_at IS NULL"),
    )

    op.create_table(
        "outbox",
        sa.Column("id", BigId, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("chat_id", BigId, nullable=False),
        sa.Column("person_id", BigId),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("message_ids", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime()),
        sa.Column("not_before", UtcDateTime()),
        sa.CheckConstraint(
            "state IN ('pending', 'sending', 'sent', 'unknown', 'failed')", name=op.f("ck_outbox_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_outbox_chat_id"), "outbox", ["chat_id"])
    op.create_index(
        "ix_outbox_line",
        "outbox",
        ["chat_id", "id"],
        sqlite_where=sa.text("state IN ('pending', 'sending')"),
        postgresql_where=sa.text("state IN ('pending', 'sending')"),
    )
    op.create_index(op.f("ix_outbox_person_id"), "outbox", ["person_id"])

    op.create_table(
        "people",
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("chat_id", BigId, nullable=False),
        sa.Column("language_code", sa.Text()),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("mode IN ('ask', 'match', 'regulate')", name=op.f("ck_people_mode")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    op.create_table(
        "checkins",
        sa.Column("id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("touched_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("face", sa.JSON()),
        sa.Column("voice", sa.JSON()),
        sa.Column("reading", sa.JSON()),
        sa.Column("corrected", sa.Text()),
        sa.Column("wish", sa.Text()),
        sa.Column("face_update_id", BigId),
        sa.Column("voice_update_id", BigId),
        sa.CheckConstraint(
            "corrected IN ('angry', 'disgust', 'fear', 'happy', 'neutral', 'sad', 'surprise')",
            name=op.f("ck_checkins_corrected"),
        ),
        sa.CheckConstraint("state <> 'read' OR reading IS NOT NULL", name=op.f("ck_checkins_reading")),
        sa.CheckConstraint("state IN ('open', 'read', 'cancelled')", name=op.f("ck_checkins_state")),
        sa.CheckConstraint("wish IN ('match', 'regulate')", name=op.f("ck_checkins_wish")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_checkins_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkins")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_checkins_person_id_state"), "checkins", ["person_id", "state"])
    op.create_index(
        "uq_checkins_open",
        "checkins",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )

    op.create_table(
        "consents",
        sa.Column("id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime()),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_consents_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_consents_person_id"), "consents", ["person_id"])
    op.create_index(
        "uq_consents_in_force",
        "consents",
        ["person_id", "version"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )

    op.create_table(
        "playlists",
        sa.Column("id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_ref", sa.Text()),
        sa.Column("update_id", BigId),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_playlists_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_playlists")),
        sa.UniqueConstraint(
            "person_id", "source", "source_ref", name=op.f("uq_playlists_person_id_source_source_ref")
        ),
        sa.UniqueConstraint("person_id", "update_id", name=op.f("uq_playlists_person_id_update_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_playlists_active",
        "playlists",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("active"),
        postgresql_where=sa.text("active"),
    )

    op.create_table(
        "tracks",
        sa.Column("id", BigId, nullable=False),
        sa.Column("playlist_id", BigId, nullable=False),
        sa.Column("position", BigId, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("artist", sa.Text(), nullable=False),
        sa.Column("album", sa.Text()),
        sa.Column("duration_s", sa.Double()),
        sa.Column("isrc", sa.Text()),
        sa.Column("link", sa.Text()),
        sa.Column("file_id", sa.Text()),
        sa.Column("file_unique_id", sa.Text()),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.CheckConstraint("duration_s >= 0", name=op.f("ck_tracks_duration_s")),
        sa.ForeignKeyConstraint(
            ["playlist_id"], ["playlists.id"], name=op.f("fk_tracks_playlist_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracks")),
        sa.UniqueConstraint(
            "playlist_id", "file_unique_id", name=op.f("uq_tracks_playlist_id_file_unique_id")
        ),
        sa.UniqueConstraint("playlist_id", "position", name=op.f("uq_tracks_playlist_id_position")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "moods",
        sa.Column("track_id", BigId, autoincrement=False, nullable=False),
        sa.Column("valence", sa.Double(), nullable=False),
        sa.Column("arousal", sa.Double(), nullable=False),
        sa.Column("sd_valence", sa.Double(), nullable=False),
        sa.Column("sd_arousal", sa.Double(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint("arousal BETWEEN -1 AND 1", name=op.f("ck_moods_arousal")),
        sa.CheckConstraint("sd_valence >= 0 AND sd_arousal >= 0", name=op.f("ck_moods_sd")),
        sa.CheckConstraint("valence BETWEEN -1 AND 1", name=op.f("ck_moods_valence")),
        sa.ForeignKeyConstraint(
            ["track_id"], ["tracks.id"], name=op.f("fk_moods_track_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("track_id", name=op.f("pk_moods")),
    )
    op.create_table(
        "plays",
        sa.Column("id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("checkin_id", BigId, nullable=False),
        sa.Column("track_id", BigId),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("artist", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("step", BigId),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("mode IN ('match', 'regulate')", name=op.f("ck_plays_mode")),
        sa.ForeignKeyConstraint(
            ["checkin_id"], ["checkins.id"], name=op.f("fk_plays_checkin_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_plays_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["track_id"], ["tracks.id"], name=op.f("fk_plays_track_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plays")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_plays_checkin_id"), "plays", ["checkin_id"])
    op.create_index(op.f("ix_plays_person_id"), "plays", ["person_id"])
    op.create_index(op.f("ix_plays_track_id"), "plays", ["track_id"])

    op.create_table(
        "answers",
        sa.Column("play_id", BigId, autoincrement=False, nullable=False),
        sa.Column("thumb", BigId, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("thumb IN (-1, 1)", name=op.f("ck_answers_thumb")),
        sa.ForeignKeyConstraint(
            ["play_id"], ["plays.id"], name=op.f("fk_answers_play_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("play_id", name=op.f("pk_answers")),
    )


def downgrade() -> None:
    """Take it back."""
    for table in (
        "answers",
        "plays",
        "moods",
        "tracks",
        "playlists",
        "consents",
        "checkins",
        "people",
        "outbox",
        "inbox",
    ):
        op.drop_table(table)
