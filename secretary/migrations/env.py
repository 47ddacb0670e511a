"""What Alembic runs for each migration: it uses the connection it is given, or one from `-x url=…` when a developer calls it."""

from alembic import context
from sqlalchemy import Connection, create_engine
from sqlmodel import SQLModel

import secretary.models  # noqa: F401  # fills SQLModel.metadata


def run(connection: Connection) -> None:
    context.configure(
        connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True, transaction_per_migration=True
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with create_engine(context.get_x_argument(as_dictionary=True)["url"]).connect() as connection:
        run(connection)
