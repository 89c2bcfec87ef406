"""Add when the sound of a track was listened to."""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("tracks", sa.Column("heard_at", UtcDateTime()))
    op.create_index(
        "ix_tracks_unheard",
        "tracks",
        ["id"],
        sqlite_where=sa.text("heard_at IS NULL"),
        postgresql_where=sa.text("heard_at IS NULL"),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_tracks_unheard", "tracks")
    op.drop_column("tracks", "heard_at")
