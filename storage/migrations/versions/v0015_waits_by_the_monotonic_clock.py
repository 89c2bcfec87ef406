"""Drop the time until which a message waits: the process that waits counts by a clock that nobody sets."""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.drop_column("outbox", "not_before")


def downgrade() -> None:
    """Take it back."""
    op.add_column("outbox", sa.Column("not_before", UtcDateTime()))
