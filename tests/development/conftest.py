"""October's results published on Monday 9 November 2026, as for appeals; the supervisor speaks with the agent."""

from datetime import date

from development.models import Interview
from development.services.interviews import (
    Agreed,
    Confirmation,
    Notes,
    Talk,
    acknowledge_interview,
    prepare_interview,
    save_interview,
    share_interview,
)
from tests.appeals.conftest import Cast, as_, cast, on, refusal

__all__ = ["Cast", "acknowledged", "as_", "cast", "on", "prepared", "refusal", "shared", "talk"]


def talk(**facts: object) -> Talk:
    """What was said on the 11th, with one action for each side."""
    known = {
        "held_on": date(2026, 11, 11),
        "notes": Notes(achievements="接通率稳定", shortcomings="差错偏多", next_targets="差错降到1件以内"),
        "agreed": (
            Agreed(text="每周复盘一次差错", due_on=date(2026, 12, 11)),
            Agreed(text="安排一次跟听", due_on=date(2026, 11, 30), by_owner=True),
        ),
    }
    return Talk(**(known | facts))  # type: ignore[arg-type]


def prepared(cast: Cast) -> Interview:
    """The supervisor's draft about the agent's October."""
    with on(10):
        return prepare_interview(cast.form.pk, by=cast.month.supervisor)


def shared(cast: Cast) -> Interview:
    """Written down and shown to the agent."""
    made = prepared(cast)
    with on(11):
        save_interview(made.pk, talk(), version=made.version, by=cast.month.supervisor)
        return share_interview(made.pk, by=cast.month.supervisor)


def acknowledged(cast: Cast, *, is_agreed: bool = True, opinion: str = "") -> Interview:
    """Confirmed by the agent."""
    made = shared(cast)
    said = Confirmation(own_words="下月会改", opinion=opinion, is_agreed=is_agreed)
    with on(12):
        return acknowledge_interview(made.pk, said, version=made.version, by=cast.agent)
