"""What every test shares."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from hypothesis import settings as laws

laws.register_profile("portal", deadline=None)  # a busy machine is slow, not wrong
laws.load_profile("portal")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give a test that commits the policy's own rows: the flush before it took them away.

    And refuse to run a test about locks on SQLite, which has none.
    """
    on_postgres = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker and marker.kwargs.get("transaction"):
            wanted = pytest.mark.django_db(**{**marker.kwargs, "serialized_rollback": True})
            item.add_marker(wanted, append=False)
        if item.get_closest_marker("postgres") and not on_postgres:
            item.add_marker(pytest.mark.skip(reason="needs PostgreSQL: set TEST_DATABASE_URL"))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a file's content by its argument: an archive holds the second it was made, and names must not vary."""
    return argname if isinstance(val, bytes) and len(val) > 16 else None


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Uploads of a test go to its own folder, and its cache starts empty."""
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "media")
    cache.clear()
