"""Statements made once for rows that are found by their key, and the rows as the models everybody knows."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import ColumnElement, Dialect, select
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.orm import class_mapper
from sqlmodel import SQLModel

Model = TypeVar("Model", bound=SQLModel)

_SQLITE: Final[Dialect] = SQLiteDialect_pysqlite()


class Prepared(Generic[Model]):
    """One SELECT of a table's columns, but those `without`; the values of its parameters come with each call.

    Rows come detached: a column that was left out is not there, and reading it raises. `small` says that rows are never large.
    """

    def __init__(
        self,
        model: type[Model],
        *conditions: ColumnElement[bool],
        without: frozenset[str] = frozenset(),
        small: bool = True,
    ) -> None:
        self.small = small
        self._mapper: Any = class_mapper(model)
        self._without = without
        columns: list[ColumnElement[Any]] = [
            column for column in self._mapper.local_table.c if column.key not in without
        ]
        self._names = [str(column.key) for column in columns]
        self.statement = select(*columns).where(*conditions)
        compiled = self.statement.compile(dialect=_SQLITE)
        self.sqlite_text = str(compiled)
        # In the order of the statement's question marks, each as the driver wants it.
        types = {name: bind.type for name, bind in compiled.binds.items()}
        self._given = [
            (name, types[name].dialect_impl(_SQLITE).bind_processor(_SQLITE)) for name in compiled.positiontup or ()
        ]
        self._readers = [
            (str(column.key), column.type.dialect_impl(_SQLITE).result_processor(_SQLITE, None)) for column in columns
        ]

    def sqlite_values(self, values: Mapping[str, object]) -> tuple[object, ...]:
        """The parameters as SQLite's driver takes them."""
        return tuple(process(values[name]) if process else values[name] for name, process in self._given)

    def read_from_sqlite(self, row: Sequence[Any]) -> dict[str, Any]:
        """The values of a row as SQLite's driver gives it."""
        read = zip(self._readers, row, strict=True)
        return {name: process(value) if process else value for (name, process), value in read}

    def loaded(self, row: Sequence[Any]) -> Model:
        """A row as SQLAlchemy gives it."""
        return self.made(dict(zip(self._names, row, strict=True)))

    def made(self, values: dict[str, Any]) -> Model:
        """A new instance with these values."""
        # As SQLAlchemy's own loading makes an instance and detaches it, without the session: a third of its time.
        made: Any = self._mapper.class_manager.new_instance()
        held = made.__dict__
        held.update(values)
        state = held["_sa_instance_state"]
        state.key = self._mapper._identity_key_from_state(state)  # noqa: SLF001
        state.expired_attributes.update(self._without)
        found: Model = made
        return found
