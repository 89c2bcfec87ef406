"""Count how often a restart tried to fulfil each wish."""

import sqlalchemy as sa
from alembic import op

from storage.types import BigId

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("checkins", sa.Column("wish_tries", BigId, nullable=False, server_default="0"))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("checkins", "wish_tries")
