"""API keys may have an end that is set when they are made.

Revision ID: 0005
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

from secretary.models import UtcDateTime

revision = "0005"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("api_key", sa.Column("expires_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("api_key", "expires_at")
