"""What every test shares."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import TransactionTestCase
from hypothesis import settings as laws
from pytest_django import DjangoDbBlocker

from tests import prepared

laws.register_profile("portal", deadline=None)  # a busy machine is slow, not wrong
laws.load_profile("portal")
DATABASE = {"db", "transactional_db", "django_db_setup"}  # who asks for one of these may use the database


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what touches no database as pure, and refuse to run a test about locks on SQLite, which has none."""
    on_postgres = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    for item in items:
        if not _may_touch_a_database(item):
            item.add_marker(pytest.mark.pure)
        if item.get_closest_marker("postgres") and not on_postgres:
            item.add_marker(pytest.mark.skip(reason="needs PostgreSQL: set TEST_DATABASE_URL"))


def _may_touch_a_database(item: pytest.Item) -> bool:
    """As pytest-django lets it; a browser drives a portal that has one."""
    marked = item.get_closest_marker("django_db") or item.get_closest_marker("browser")
    return bool(marked) or not DATABASE.isdisjoint(getattr(item, "fixturenames", ()))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a file's content by its argument: an archive holds the second it was made, and names must not vary."""
    return argname if isinstance(val, bytes) and len(val) > 16 else None


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database is copied rather than migrated, and put back rather than emptied after a test that commits."""
    with django_db_blocker.unblock(), prepared.copied():
        request.getfixturevalue("django_db_setup")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _test: prepared.restore())
        yield


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Uploads of a test go to its own folder, and its cache starts empty."""
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "media")
    cache.clear()
