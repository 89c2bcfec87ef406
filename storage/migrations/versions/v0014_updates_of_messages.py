"""Add to each message in the outbox the update that it answers; of older messages it is not known."""

import sqlalchemy as sa
from alembic import op

from storage.types import BigId

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("outbox", sa.Column("update_id", BigId))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("outbox", "update_id")
