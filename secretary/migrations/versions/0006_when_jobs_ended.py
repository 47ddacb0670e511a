"""An index that holds what statistics add up of jobs that have ended.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ENDED = sa.text("completed_at IS NOT NULL")
COLUMNS = ["completed_at", "owner", "status", "job_type", "started_at"]


def upgrade() -> None:
    op.create_index("job_ended", "job", COLUMNS, postgresql_where=ENDED, sqlite_where=ENDED)


def downgrade() -> None:
    op.drop_index("job_ended", "job")
