"""Every message of the code and the templates, read as ``makemessages`` reads them but without GNU gettext."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.utils.translation.template import templatize

from tests.architecture.test_source import ROOMS, ROOT

CJK = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
SHAPES = {  # how many words, and whether the first is a context
    "_": (1, False),
    "gettext": (1, False),
    "gettext_lazy": (1, False),
    "gettext_noop": (1, False),
    "ngettext": (2, False),
    "ngettext_lazy": (2, False),
    "pgettext": (2, True),
    "pgettext_lazy": (2, True),
    "npgettext": (3, True),
    "npgettext_lazy": (3, True),
}
_TEXT = r"u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")"
_CALL = re.compile(rf"\b(n?p?gettext|_)\(\s*({_TEXT}(?:\s*,\s*{_TEXT})*)", re.DOTALL)


class Message(NamedTuple):
    """A message as the catalogue keys it."""

    context: str | None
    text: str
    plural: str | None


def code_files() -> list[Path]:
    """The portal's own modules; what the demo holds and what a migration did is data."""
    found = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    return sorted(path for path in found if not {"migrations", "demo"} & set(path.parts))


def template_files() -> list[Path]:
    """The portal's own pages and texts."""
    return sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt"})


@cache
def all_messages() -> set[Message]:
    """What the translators have to know."""
    return {one for path in code_files() for one in messages_in(path)} | {
        one for path in template_files() for one in messages_on(path)
    }


def messages_in(path: Path) -> Iterator[Message]:
    """The messages of a module."""
    for call in calls_in(ast.parse(path.read_text())):
        words = [word.value for word in call.args if isinstance(word, ast.Constant) and isinstance(word.value, str)]
        yield from _message(_name(call), words)


def messages_on(path: Path) -> Iterator[Message]:
    """The messages of a template."""
    for name, words in _CALL.findall(templatize(path.read_text())):
        yield from _message(name, list(ast.literal_eval(f"({words},)")))


def calls_in(tree: ast.AST) -> Iterator[ast.Call]:
    """The calls of gettext and its kin."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node) in SHAPES:
            yield node


def bare_words_in(path: Path) -> Iterator[tuple[int, str]]:
    """Chinese in a module's texts that no translator sees, with the line; docstrings are not shown to anybody."""
    tree = ast.parse(path.read_text())
    seen = {id(node) for call in calls_in(tree) for word in call.args for node in ast.walk(word)}
    seen |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in seen:
            yield from [(node.lineno, node.value)] if CJK.search(node.value) else []


def bare_words_on(path: Path) -> Iterator[tuple[int, str]]:
    """Chinese on a template outside ``translate`` and ``blocktranslate``, with the line."""
    text = path.read_text()
    for pattern in (
        r"{#.*?#}",
        r"{%\s*comment\b.*?endcomment\s*%}",
        r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}",
        r"{%\s*trans(?:late)?\s.*?%}",
        rf"_\({_TEXT}\)",
    ):
        text = re.sub(pattern, _blank, text, flags=re.DOTALL)
    for number, line in enumerate(text.splitlines(), start=1):
        if CJK.search(line):
            yield number, line.strip()


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])


def _name(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _message(name: str, words: list[str]) -> Iterator[Message]:
    wanted, has_context = SHAPES[name]
    if len(words) < wanted:
        return  # the word is a variable: whoever filled it has marked it
    context = words[0] if has_context else None
    text, *rest = words[1:wanted] if has_context else words[:wanted]
    yield Message(context, text, rest[0] if rest else None)
