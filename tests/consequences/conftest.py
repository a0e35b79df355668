"""What the tests of decisions share."""

import pytest

from tests.consequences.desk import Desk, make_desk
from tests.scoring.conftest import month

__all__ = ["desk", "month"]


@pytest.fixture
def desk(db) -> Desk:
    """Everybody around the desk."""
    return make_desk()
