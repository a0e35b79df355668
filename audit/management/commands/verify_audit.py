"""``manage.py verify_audit [DIGEST]``: is the audit chain whole, and does it still hold what DIGEST stood for?

Exit status: 0 whole, 1 broken or cut, 2 the argument can't be used.
"""

import re
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from audit.log import broken_links, head, place_of, seal_events

BROKEN = 1
UNUSABLE = 2
NAMED = 20
"""How many broken links are named one by one."""


class Command(BaseCommand):
    """May be run again: what is sealed stays as it is."""

    help = _("核对审计链，给出最新的摘要")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("digest", nargs="?", default="", metavar="DIGEST")

    def handle(self, *_args: Any, **options: Any) -> None:
        noted = options["digest"].strip().lower()
        if noted and not re.fullmatch(r"[0-9a-f]{64}", noted, re.ASCII):
            raise CommandError(_("摘要是64位十六进制数，就是上次核对时打印的那一个。"), returncode=UNUSABLE)
        while seal_events():
            pass
        broken = broken_links()
        if broken:
            counts = {"n": len(broken), "numbers": "、".join(map(str, broken[:NAMED]))}
            self.stdout.write(_("审计链断了%(n)d处，链上第%(numbers)s条：内容改过，或前一条删了。") % counts)
        place = place_of(noted) if noted else 0
        if place is None:
            self.stdout.write(_("链上没有这个摘要：记下它以后，链尾截短过或整条重写过。"))
        if broken or place is None:
            sys.exit(BROKEN)
        number, digest = head()
        if place:
            self.stdout.write(_("记下的摘要是第%(n)d条，其后添了%(more)d条。") % {"n": place, "more": number - place})
        self.stdout.write(_("审计链%(n)d条，完整。最新摘要：%(digest)s") % {"n": number, "digest": digest or "—"})
