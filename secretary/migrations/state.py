"""Which shape a database has and which one this version wants, read without changing anything."""

from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine


def wanted_revision() -> str | None:
    """The newest migration that this version brings."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return ScriptDirectory.from_config(config).get_current_head()


def present_revision(url: str) -> str | None:
    """The last migration that the database at `url` (with its driver) has seen; raises SQLAlchemy's errors."""
    engine = create_engine(url.replace("+aiosqlite", ""))
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
