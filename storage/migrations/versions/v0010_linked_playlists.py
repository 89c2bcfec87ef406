"""Add logins at music services, when a playlist was last looked up, and several active playlists."""

import sqlalchemy as sa
from alembic import op

from storage.types import BigId, UtcDateTime

revision = "0010"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "logins",
        sa.Column("person_id", BigId, autoincrement=False, nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("state", sa.Text()),
        sa.Column("verifier", sa.Text()),
        sa.Column("started_at", UtcDateTime()),
        sa.Column("token", sa.Text()),
        sa.Column("linked_at", UtcDateTime()),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_logins_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "service", name=op.f("pk_logins")),
    )
    op.add_column("playlists", sa.Column("refreshed_at", UtcDateTime()))
    op.drop_index("uq_playlists_active", "playlists")
    op.create_index(
        "ix_playlists_active",
        "playlists",
        ["person_id"],
        sqlite_where=sa.text("active"),
        postgresql_where=sa.text("active"),
    )


def downgrade() -> None:
    """Take it back; of several active lists the newest stays active."""
    op.execute(
        "UPDATE playlists SET active = FALSE WHERE id NOT IN "
        "(SELECT max(id) FROM playlists WHERE active GROUP BY person_id)"
    )
    op.drop_index("ix_playlists_active", "playlists")
    op.create_index(
        "uq_playlists_active",
        "playlists",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("active"),
        postgresql_where=sa.text("active"),
    )
    op.drop_column("playlists", "refreshed_at")
    op.drop_table("logins")
