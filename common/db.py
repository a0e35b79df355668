"""Steps shared by services: what must happen inside a transaction says so itself."""

from django.db import transaction


def require_transaction() -> None:
    """Refuse to run outside a transaction, so that a step can't be half of a change."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("This step belongs inside a service's transaction.")
