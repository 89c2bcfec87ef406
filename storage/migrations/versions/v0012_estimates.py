"""Store each provider's estimate of a track, instead of when it was listened to; add tempo.

What was heard before is heard once more: only what all sources believed together had been kept of it.
"""

import sqlalchemy as sa
from alembic import op

from storage.types import BigId, UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "estimates",
        sa.Column("track_id", BigId, autoincrement=False, nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("key", sa.Text()),
        *(sa.Column(name, sa.Double()) for name in ("valence", "arousal", "sd_valence", "sd_arousal")),
        sa.Column("source", sa.Text()),
        sa.Column("tempo", sa.Double()),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["track_id"], ["tracks.id"], name=op.f("fk_estimates_track_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("track_id", "provider", name=op.f("pk_estimates")),
    )
    op.create_index(op.f("ix_estimates_provider_key"), "estimates", ["provider", "key"])
    op.add_column("moods", sa.Column("tempo", sa.Double()))
    op.drop_index("ix_tracks_unheard", "tracks")
    op.drop_column("tracks", "heard_at")


def downgrade() -> None:
    """Take it back."""
    op.add_column("tracks", sa.Column("heard_at", UtcDateTime()))
    op.create_index(
        "ix_tracks_unheard",
        "tracks",
        ["id"],
        sqlite_where=sa.text("heard_at IS NULL"),
        postgresql_where=sa.text("heard_at IS NULL"),
    )
    op.drop_column("moods", "tempo")
    op.drop_table("estimates")
