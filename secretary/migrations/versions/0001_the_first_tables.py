"""The first tables: jobs, batches, logs, keys, workers, idempotency keys.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

from secretary.models import StatusColumn, UtcDateTime, json_type, row_number_type

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

PENDING = sa.text("status = 'pending'")
PROCESSING = sa.text("status = 'processing'")


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("job_type", sa.String(100), nullable=False),
        sa.Column("name", sa.String(500)),
        sa.Column("owner", sa.String(200), nullable=False),
        sa.Column("queue", sa.String(100), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("status", StatusColumn(), nullable=False),
        sa.Column("step", sa.String(100), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text()),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("run_at", UtcDateTime(), nullable=False),
        sa.Column("worker_id", sa.String(64)),
        sa.Column("claim_token", sa.String(64)),
        sa.Column("batch_id", sa.String(64)),
        sa.Column("batch_index", sa.Integer()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("started_at", UtcDateTime()),
        sa.Column("completed_at", UtcDateTime()),
        sa.Column("from_cache", sa.Boolean(), nullable=False),
        sa.Column("error_code", sa.String(64)),
        sa.Column("error_message", sa.Text()),
        sa.Column("error_details", json_type()),
        sa.Column("target_dir", sa.Text()),
        sa.Column("archive", sa.Text()),
        sa.Column("files", json_type(), nullable=False),
        sa.Column("warnings", json_type(), nullable=False),
        sa.Column("parameters", json_type(), nullable=False),
        sa.Column("results", json_type()),
    )
    op.create_index("job_due", "job", ["queue", sa.text("priority DESC"), "run_at", "id"], postgresql_where=PENDING, sqlite_where=PENDING)
    op.create_index("job_processing", "job", ["worker_id"], postgresql_where=PROCESSING, sqlite_where=PROCESSING)
    op.create_index("job_owner_created", "job", ["owner", "created_at", "id"])
    op.create_index("job_created", "job", ["created_at", "id"])
    op.create_index("job_updated", "job", ["updated_at", "id"])
    op.create_index("job_batch", "job", ["batch_id", "batch_index"])
    op.create_index("job_batch_status", "job", ["batch_id", "status"])
    op.create_table(
        "batch",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(500)),
        sa.Column("owner", sa.String(200), nullable=False),
        sa.Column("job_count", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
    )
    op.create_index("batch_owner_created", "batch", ["owner", "created_at", "id"])
    op.create_index("batch_created", "batch", ["created_at", "id"])
    op.create_table(
        "job_log",
        sa.Column("id", row_number_type(), primary_key=True, autoincrement=True),
        sa.Column("job_id", sa.String(64), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("timestamp", UtcDateTime(), nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
    )
    op.create_index("job_log_job", "job_log", ["job_id", "id"])
    op.create_table(
        "api_key",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("user_id", sa.String(200), nullable=False),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("hint", sa.String(16), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime()),
    )
    op.create_table(
        "worker",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("last_seen_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "idempotency",
        sa.Column("owner", sa.String(200), primary_key=True),
        sa.Column("key", sa.String(255), primary_key=True),
        sa.Column("request_hash", sa.String(64), nullable=False),
        sa.Column("target_id", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
    )


def downgrade() -> None:
    for table in ("idempotency", "worker", "api_key", "job_log", "batch", "job"):
        op.drop_table(table)
