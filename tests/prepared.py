"""The tests' database: migrated once for every worker and every run, and put back after a test that commits.

Migrating takes twenty seconds, copying what was migrated less than one. A copy is taken only while nothing has changed
that the migrated database is made of (``_key``), and ``migrate`` still runs over it and finds nothing to do.
A test that commits leaves rows behind; afterwards every table holds again what the migrations put there.
"""

import fcntl
import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, transaction

MADE_OF = ("*/migrations/*.py", "*/defaults/*", "*/models.py", "*/models/*.py", "requirements.txt")
NAME = "kpi_prepared_"
KEPT = "prepared"  # the schema that keeps what the migrations put into the tables
_snapshot = sqlite3.connect(":memory:")


def _key() -> str:
    root = Path(settings.BASE_DIR)
    files = sorted(path for pattern in MADE_OF for path in root.glob(pattern))
    parts = [f"{path.relative_to(root)}\0{hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files]
    return NAME + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


@contextmanager
def copied() -> Iterator[None]:
    """Within it Django makes the test database: from the copy if there is one, which is made at the end if not."""
    with _on_postgres() if connection.vendor == "postgresql" else _on_sqlite():
        yield


def restore() -> None:
    """Put back what the migrations put there, and nothing else."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"CALL {KEPT}.restore()")
    else:
        connection.ensure_connection()
        _snapshot.backup(connection.connection)


@contextmanager
def _on_sqlite() -> Iterator[None]:
    """The copy is a file beside the tests' other files; ``restore`` has its own in memory."""
    kept = settings.VAR_DIR / f"{_key()}.sqlite3"
    name = connection.creation._get_test_db_name()  # type: ignore[attr-defined]  # a method Django keeps to itself
    with (settings.VAR_DIR / f"{NAME}lock").open("w") as lock, closing(sqlite3.connect(name, uri=True)) as test:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if kept.exists():
            with closing(sqlite3.connect(kept)) as copy:
                copy.backup(test)
        yield
        connection.ensure_connection()
        connection.connection.backup(_snapshot)
        if not kept.exists():
            _replace(kept)


def _replace(kept: Path) -> None:
    for old in kept.parent.glob(f"{NAME}*.sqlite3"):
        old.unlink()
    draft = kept.with_suffix(".making")
    draft.unlink(missing_ok=True)
    with closing(sqlite3.connect(draft)) as copy:
        _snapshot.backup(copy)
    draft.rename(kept)


@contextmanager
def _on_postgres() -> Iterator[None]:
    """The copy is a database on the same server, which PostgreSQL copies as a template."""
    at, kept, given = connection.settings_dict, _key(), connection.settings_dict["NAME"]
    server = {"host": at["HOST"], "port": at["PORT"], "user": at["USER"], "password": at["PASSWORD"]}
    with psycopg.connect(dbname=given, autocommit=True, **server) as admin:
        admin.execute("SELECT pg_advisory_lock(hashtext(%s))", [NAME])
        found = admin.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [NAME]).fetchall()
        if (kept,) in found:
            at["TEST"]["TEMPLATE"] = kept
            yield
            return
        yield
        assert at["NAME"] != given, "The tests have no database of their own."
        with connection.cursor() as cursor:
            _keep_rows(cursor)
        _let_go_of_connections()
        for (old,) in found:
            admin.execute(f'DROP DATABASE IF EXISTS "{old}"')
        admin.execute(f'CREATE DATABASE "{kept}" TEMPLATE "{at["NAME"]}"')


def _keep_rows(cursor: Any) -> None:
    """Keep the rows of every table, and a procedure that puts them back.

    Deleted rather than truncated: a truncation makes new files for every table and index. Every foreign key is
    checked at the end of the transaction, so the order of the tables does not matter.
    """
    cursor.execute(f"CREATE SCHEMA {KEPT}")
    steps = []
    for table in connection.introspection.django_table_names(only_existing=True):
        steps.append(f'DELETE FROM public."{table}"')  # noqa: S608 - the names are our own
        cursor.execute(f'SELECT 1 FROM public."{table}" LIMIT 1')  # noqa: S608
        if cursor.fetchone():
            cursor.execute(f'CREATE TABLE {KEPT}."{table}" AS TABLE public."{table}"')
            steps.append(f'INSERT INTO public."{table}" SELECT * FROM {KEPT}."{table}"')  # noqa: S608
    body = "; ".join(steps)
    cursor.execute(f"CREATE PROCEDURE {KEPT}.restore() LANGUAGE plpgsql AS $$ BEGIN {body}; END $$")


def _let_go_of_connections() -> None:
    """A database that somebody is connected to cannot be copied."""
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's alone
