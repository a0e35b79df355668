"""Mark-up of the comparison of scorings: a bar that leans left or right of the middle, and a place in a recording."""

from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common import drawing
from policy.drift import FLAG_ABOVE

register = template.Library()

SECONDS = 60


@register.simple_tag
def lean(value: Decimal | None, scale: Decimal, is_flagged: bool = False) -> SafeString:
    """A bar from the middle, right for milder and left for stricter, on −``scale`` … +``scale`` percent.

    The two thin lines are the threshold of the flag. Nothing compared gives the bare track.
    """
    places = [drawing.share(edge + scale, 2 * scale) for edge in (-FLAG_ABOVE, Decimal(0), FLAG_ABOVE)]
    lines = format_html(
        '<line class="c-grid" x1="{0}%" x2="{0}%" y1="0" y2="100%"/><line class="c-grid" x1="{2}%" x2="{2}%" y1="0" '
        'y2="100%"/><line class="c-link" x1="{1}%" x2="{1}%" y1="0" y2="100%"/>',
        *places,
    )
    piece = drawing.drop(0, value or 0, "got", (-scale, scale))
    block = (
        format_html(
            '<rect class="{}" x="{}%" width="{}%" height="100%"/>',
            "b-warn" if is_flagged else "b-got",
            piece.x,
            piece.width,
        )
        if value
        else ""
    )
    return format_html(
        '<svg class="bar m" aria-hidden="true"><rect class="b-track" width="100%" height="100%"/>{}{}</svg>',
        block,
        lines,
    )


@register.filter
def clock(seconds: int | None) -> str:
    """A second of the recording as minutes and seconds: 75 is 1:15; nothing is nothing."""
    return "" if seconds is None else f"{seconds // SECONDS}:{seconds % SECONDS:02d}"
