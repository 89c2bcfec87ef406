"""Add moods that people tell without sending anything, when they corrected, and where media are from."""

import sqlalchemy as sa
from alembic import op

from storage.types import BigId, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_KEPT = {"sqlite_autoincrement": True}  # what a copy of the table would lose
_READ = "state <> 'read' OR reading IS NOT NULL"


def upgrade() -> None:
    """Bring the schema forward."""
    with op.batch_alter_table("checkins", table_kwargs=_KEPT) as table:
        table.add_column(sa.Column("corrected_at", UtcDateTime()))
        table.add_column(sa.Column("text", sa.JSON()))
        table.add_column(sa.Column("text_update_id", BigId))
        table.add_column(sa.Column("origin", sa.Text()))
        table.drop_constraint(op.f("ck_checkins_reading"), "check")
        table.create_check_constraint(op.f("ck_checkins_reading"), f"{_READ} OR corrected IS NOT NULL")


def downgrade() -> None:
    """Take it back; what was told without a reading goes."""
    op.execute("DELETE FROM checkins WHERE state = 'read' AND reading IS NULL")
    with op.batch_alter_table("checkins", table_kwargs=_KEPT) as table:
        table.drop_constraint(op.f("ck_checkins_reading"), "check")
        table.create_check_constraint(op.f("ck_checkins_reading"), _READ)
        for column in ("origin", "text_update_id", "text", "corrected_at"):
            table.drop_column(column)
