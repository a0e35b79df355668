"""Load a workbook, all or nothing.

Exit status: 0 loaded (or, with --check, fit to be loaded), 1 refused with every fault, 2 the argument can't be used.
"""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from common.commands import PortalCommand, bad_argument
from common.errors import RuleError
from people.facts import SYSTEM
from reports.facts.changes import Counts
from reports.facts.faults import Fault
from reports.facts.parsing import Parsed, read_workbook
from reports.services.imports import WorkbookRefusedError, examine_workbook, load_workbook

REFUSED = 1


class Command(PortalCommand):
    """May be run again: the same workbook changes nothing."""

    help = "Load a workbook, all or nothing; --check only reports."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--check", action="store_true", help="only report what is wrong and what would change")

    def handle(self, *_args: Any, **options: Any) -> None:
        path = _workbook(options["file"])
        try:
            parsed = read_workbook(path.read_bytes())
        except OSError as error:
            raise bad_argument(_("打不开“%(path)s”: %(why)s。") % {"path": path, "why": error.strerror}) from error
        except RuleError as refusal:
            raise CommandError(str(refusal), returncode=REFUSED) from refusal
        if options["check"]:
            self._check(parsed)
            return
        try:
            done = load_workbook(parsed, by=SYSTEM, name=path.name)
        except WorkbookRefusedError as refusal:
            self._tell([], parsed.faults.warnings)
            self._refuse(refusal.faults)
            return
        self._tell(done.counts, done.warnings)
        self.stdout.write(_("都已经在系统里，没有改动。") if done.is_idle else _("已导入。"))

    def _check(self, parsed: Parsed) -> None:
        plan = examine_workbook(parsed)
        self._tell(plan.counts, parsed.faults.warnings)
        self._refuse(plan.found)
        self.stdout.write(_("可以导入，什么都还没有写进系统。"))

    def _tell(self, counts: list[Counts], warnings: list[str]) -> None:
        for sheet in counts:
            words = _("%(sheet)s: 新增 %(new)s, 更改 %(changed)s, 不变 %(same)s") % sheet._asdict()
            self.stdout.write(words)
        for warning in warnings:
            self.stdout.write(_("提醒: %(words)s") % {"words": warning})

    def _refuse(self, faults: list[Fault]) -> None:
        if not faults:
            return
        for fault in faults:
            self.stdout.write(fault.line())
        words = _("共 %(n)s 处要改，什么都没有写进系统。") % {"n": len(faults)}
        raise CommandError(words, returncode=REFUSED)


def _workbook(text: str) -> Path:
    path = Path(text)
    if not path.is_file():
        raise bad_argument(_("没有文件“%(path)s”。") % {"path": text})
    if path.suffix.lower() != ".xlsx":
        raise bad_argument(_("文件名要以 .xlsx 结尾; 现在是“%(text)s”。") % {"text": text})
    return path
