"""What each owner uses: the bytes a job keeps, and indexes to add them up and to count what waits.

Revision ID: 0004
Revises: 0002
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0002"
branch_labels = None
depends_on = None

PENDING = sa.text("status = 'pending'")
STORED = sa.text("stored_bytes > 0")
CHUNK = 1000


def upgrade() -> None:
    op.add_column("job", sa.Column("stored_bytes", sa.BigInteger(), nullable=False, server_default="0"))
    _add_up_what_is_there()
    op.create_index("job_owner_pending", "job", ["owner"], postgresql_where=PENDING, sqlite_where=PENDING)
    op.create_index("job_owner_stored", "job", ["owner", "stored_bytes"], postgresql_where=STORED, sqlite_where=STORED)


def downgrade() -> None:
    op.drop_index("job_owner_stored", "job")
    op.drop_index("job_owner_pending", "job")
    op.drop_column("job", "stored_bytes")


def _add_up_what_is_there() -> None:
    connection, last = op.get_bind(), ""
    page = sa.text("SELECT id, files FROM job WHERE id > :last ORDER BY id LIMIT :chunk")
    put = sa.text("UPDATE job SET stored_bytes = :size WHERE id = :id")
    while rows := connection.execute(page, {"last": last, "chunk": CHUNK}).all():
        last = rows[-1][0]
        sizes = [{"id": job_id, "size": _size(files)} for job_id, files in rows]
        if found := [each for each in sizes if each["size"]]:
            connection.execute(put, found)


def _size(files: Any) -> int:
    listed = json.loads(files) if isinstance(files, str) else files
    return sum(file.get("size", 0) for file in listed or ())
