"""What the portal's commands share: their exit statuses, one clear line for a bad argument, months and years."""

import re
import sys
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

BAD_ARGUMENTS = 2


class PortalCommand(BaseCommand):
    """A command that answers bad arguments with exit status 2 and one line instead of a page of usage."""

    requires_migrations_checks = False

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        # Django chooses the parser's class itself, so its one method is replaced on the object.
        parser.error = partial(_fail, parser)  # type: ignore[method-assign]
        return parser


def _fail(parser: CommandParser, message: str) -> NoReturn:
    if parser.called_from_command_line:
        sys.stderr.write(f"{message}\n")
        sys.exit(BAD_ARGUMENTS)
    raise CommandError(message, returncode=BAD_ARGUMENTS)


def bad_argument(message: str) -> CommandError:
    """To be raised for an argument that can't be used: exit status 2."""
    return CommandError(message, returncode=BAD_ARGUMENTS)


def month_argument(text: str) -> date:
    """The first day of a month written YYYY-MM."""
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text) or text.startswith("0000"):
        raise bad_argument(_("月份要写成 YYYY-MM, 例如 2026-10; 现在是“%(text)s”。") % {"text": text})
    return date(int(text[:4]), int(text[5:]), 1)


def year_argument(text: str) -> int:
    """A year written YYYY."""
    if not re.fullmatch(r"[0-9]{4}", text) or text == "0000":
        raise bad_argument(_("年份要写成四位数字, 例如 2026; 现在是“%(text)s”。") % {"text": text})
    return int(text)


def target_argument(text: str) -> Path:
    """Where a workbook is to be written: an .xlsx in a folder that is there."""
    path = Path(text)
    if path.suffix.lower() != ".xlsx" or path.is_dir():
        raise bad_argument(_("文件名要以 .xlsx 结尾; 现在是“%(text)s”。") % {"text": text})
    if not path.parent.is_dir():
        raise bad_argument(_("没有文件夹“%(path)s”。") % {"path": path.parent})
    return path


def write_file(path: Path, content: bytes) -> None:
    """Put the whole file in place at once: a full disk leaves the old one, never half of the new one."""
    draft = path.with_name(f".{path.name}.part")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise bad_argument(_("写不了“%(path)s”: %(why)s。") % {"path": path, "why": error.strerror}) from error
