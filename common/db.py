"""Steps shared by services: what must happen inside a transaction says so itself."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.db import connection, models, transaction
from django.db.models.expressions import RawSQL


@dataclass(frozen=True, slots=True)
class Statement:
    """A query put into words once, to be sent many times: for one that takes longer to word than to answer.

    Whatever the query was built from must be the same for everybody who sends it again.
    """

    sql: str
    params: tuple[Any, ...]
    converters: Mapping[int, tuple[Sequence[Any], Any]]

    @classmethod
    def of(cls, query: models.QuerySet[Any]) -> Self:
        """The words of a query of values; nothing is sent."""
        compiler = query.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        columns = [column[0] for column in compiler.select[: compiler.col_count]]
        return cls(sys.intern(sql), tuple(params), compiler.get_converters(columns))

    def rows(self) -> list[tuple[Any, ...]]:
        """The answer of now, one tuple per row, in the types of the query's columns."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.params)
            return [tuple(self._converted(row)) for row in cursor.fetchall()]

    def _converted(self, row: Sequence[Any]) -> list[Any]:
        values = list(row)
        for place, (converters, column) in self.converters.items():
            for convert in converters:
                values[place] = convert(values[place], column, connection)
        return values


def require_transaction() -> None:
    """Refuse to run outside a transaction, so that a step can't be half of a change."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("This step belongs inside a service's transaction.")


def among(ids: Iterable[int]) -> RawSQL:
    """For ``pk__in=among(ids)``: keys by the hundred as one parameter, where a list would be one parameter each.

    Binding and planning five hundred parameters in every statement of a batch costs more than the rows they find.
    """
    keys = sorted(ids)
    if transaction.get_connection().vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", ("{" + ",".join(map(str, keys)) + "}",))
    return RawSQL("SELECT value FROM json_each(%s)", (json.dumps(keys),))


def insert_rows(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Insert raw rows, every column named: COPY on PostgreSQL, one statement per batch elsewhere.

    For rows by the thousand whose values a service has computed; keys are given by the database.
    """
    require_transaction()
    connection = transaction.get_connection()
    if connection.vendor != "postgresql":
        attributes = {field.name: field.attname for field in model._meta.concrete_fields}
        keys = [attributes[name] for name in names]
        model._default_manager.bulk_create(model(**dict(zip(keys, row, strict=True))) for row in rows)
        return
    quote = connection.ops.quote_name
    columns = {field.name: field.column for field in model._meta.concrete_fields}
    listed = ", ".join(quote(columns[name]) for name in names)
    command = f"COPY {quote(model._meta.db_table)} ({listed}) FROM STDIN"
    packed = [place for place, name in enumerate(names) if isinstance(model._meta.get_field(name), models.JSONField)]
    rows = list(rows)  # a row still to be read from the same connection would wait for the COPY for ever
    rows = [_packed(row, packed) for row in rows] if packed else rows
    with connection.cursor() as cursor, cursor.copy(command) as copy:
        for row in rows:
            copy.write_row(row)


def _packed(row: Sequence[object], places: Sequence[int]) -> Sequence[object]:
    """The row with its JSON data as text; what is text already stays."""
    values = list(row)
    for place in places:
        value = values[place]
        values[place] = value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return values


def count_rows_anew(*tables: type[models.Model]) -> None:
    """After a bulk load: tell PostgreSQL how many rows there are now, before a statement is planned for none.

    Its own count comes a minute after the commit; a month settled before that would be planned for empty
    tables, and a join over a hundred thousand rows then takes minutes.
    """
    require_transaction()
    connection = transaction.get_connection()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"ANALYZE {connection.ops.quote_name(table._meta.db_table)}")
