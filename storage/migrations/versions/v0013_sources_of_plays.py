"""Store the source of the playlist of each play, so that what came from a service can be forgotten with it."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward; of tracks that are gone nobody knows any more."""
    op.add_column("plays", sa.Column("source", sa.Text()))
    op.execute(
        "UPDATE plays SET source = (SELECT playlists.source FROM tracks"
        " JOIN playlists ON playlists.id = tracks.playlist_id WHERE tracks.id = plays.track_id)"
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_column("plays", "source")
