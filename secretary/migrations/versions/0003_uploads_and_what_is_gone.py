"""Uploads, the jobs that read them, and tombstones of what expired or was deleted.

Revision ID: 0003
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

from secretary.models import UtcDateTime

revision = "0003"
down_revision = "0004"
branch_labels = None
depends_on = None

UNFINISHED = sa.text("unfinished")


def upgrade() -> None:
    op.create_table(
        "upload",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("owner", sa.String(200), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("stored", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("touched_at", UtcDateTime(), nullable=False),
    )
    op.create_index("upload_bytes", "upload", ["owner", "sha256", "name"], unique=True)
    op.create_index("upload_name", "upload", ["owner", "name", "touched_at"])
    op.create_index("upload_touched", "upload", ["touched_at", "id"])
    op.create_table(
        "gone",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("owner", sa.String(200), nullable=False),
        sa.Column("expired", sa.Boolean(), nullable=False),
        sa.Column("unfinished", sa.Boolean(), nullable=False),
        sa.Column("stored", sa.String(64)),
        sa.Column("gone_at", UtcDateTime(), nullable=False),
    )
    op.create_index("gone_unfinished", "gone", ["gone_at"], postgresql_where=UNFINISHED, sqlite_where=UNFINISHED)
    op.create_index("gone_at", "gone", ["gone_at"])
    op.add_column("job", sa.Column("upload_id", sa.String(64)))
    op.create_index("job_upload", "job", ["upload_id"])
    op.create_index("job_completed", "job", ["completed_at", "id"])
    op.create_index("idempotency_target", "idempotency", ["target_id"])


def downgrade() -> None:
    op.drop_index("idempotency_target", "idempotency")
    op.drop_index("job_completed", "job")
    op.drop_index("job_upload", "job")
    op.drop_column("job", "upload_id")
    op.drop_table("gone")
    op.drop_table("upload")
