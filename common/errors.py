"""Refusals a person can act on. Anything else that goes wrong is a bug and a 500."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _


class RuleError(Exception):
    """A rule says no: ``message`` tells the person what to do, ``code`` is for tests and the API.

    ``field`` names the input it is about; ``problems`` lists several faults at once.
    """

    def __init__(
        self,
        message: str | Promise,
        *,
        code: str,
        field: str = "",
        problems: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.field = field
        self.problems = problems

    def __str__(self) -> str:
        return str(self.message)


def check_length(text: str, most: int, *, field: str) -> None:
    """Refuse a text that its column can't hold, before the column does."""
    if len(text) > most:
        raise RuleError(_("最多 %(n)s 个字，写短一点。") % {"n": most}, code="too_long", field=field)


class ConflictError(RuleError):
    """Somebody else saved first; ``theirs`` is what stands now, so both can be shown."""

    def __init__(self, message: str | Promise, *, theirs: str, field: str = "") -> None:
        super().__init__(message, code="changed_meanwhile", field=field)
        self.theirs = theirs
