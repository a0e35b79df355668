"""How log-ins are counted: by the person's number alone."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library ships no types
    """The library's, but for what failed log-ins are counted under."""

    def _get_login_attempts_cache_key(self, _request: HttpRequest, **credentials: Any) -> str:
        """The library adds the Host header, with its port: a guesser could begin anew with every port."""
        return str(credentials.get("username", "")).strip().lower()
