"""What the tests of decisions share."""

import pytest

from tests.consequences.desk import Desk, make_desk


@pytest.fixture
def desk(db) -> Desk:
    """Everybody around the desk."""
    return make_desk()
