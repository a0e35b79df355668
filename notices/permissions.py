"""Who keeps the ways by which messages leave the house."""

from people.facts import Standing


def can_keep_channels(standing: Standing) -> bool:
    """Robots, and the hours of the reminders: HR or an administrator."""
    return standing.is_hr or standing.is_administrator
