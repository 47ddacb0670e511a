"""Webhooks: deliveries, their attempts, and the webhook of a batch.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

from secretary.models import UtcDateTime, json_type, row_number_type

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WAITING = sa.text("status = 'pending' AND claim_token IS NULL")
IN_FLIGHT = sa.text("claim_token IS NOT NULL")


def upgrade() -> None:
    op.add_column("batch", sa.Column("webhook", json_type()))
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("target_id", sa.String(64), nullable=False),
        sa.Column("owner", sa.String(200), nullable=False),
        sa.Column("phase", sa.String(16), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("host", sa.String(300), nullable=False),
        sa.Column("run_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("attempt_count", sa.Integer(), nullable=False),
        sa.Column("worker_id", sa.String(64)),
        sa.Column("claim_token", sa.String(64)),
        sa.Column("claimed_at", UtcDateTime()),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer()),
        sa.Column("message", sa.Text()),
        sa.Column("error", json_type()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
    )
    op.create_index("webhook_due", "webhook_deliveries", ["rank", "run_at", "id"], postgresql_where=WAITING, sqlite_where=WAITING)
    op.create_index("webhook_in_flight", "webhook_deliveries", ["host", "target_id"], postgresql_where=IN_FLIGHT, sqlite_where=IN_FLIGHT)
    op.create_index("webhook_target", "webhook_deliveries", ["target_id", "id"])
    op.create_index("webhook_updated", "webhook_deliveries", ["updated_at", "id"])
    op.create_index("webhook_status", "webhook_deliveries", ["status"])
    op.create_table(
        "webhook_attempts",
        sa.Column("id", row_number_type(), primary_key=True, autoincrement=True),
        sa.Column("delivery_id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("status_code", sa.Integer()),
        sa.Column("error", sa.Text()),
    )
    op.create_index("webhook_attempt_delivery", "webhook_attempts", ["delivery_id", "number"])


def downgrade() -> None:
    op.drop_table("webhook_attempts")
    op.drop_table("webhook_deliveries")
    op.drop_column("batch", "webhook")
