"""A fault found by the policy core, said in the language of the page."""

from collections.abc import Iterable

from django.utils.translation import gettext

from policy.problems import Problem


def sentence(problem: Problem) -> str:
    """The problem's message with its values; names of parts and methods are translated as well."""
    values = {name: gettext(value) if value else value for name, value in problem.values.items()}
    return gettext(problem.message) % values


def sentences(problems: Iterable[Problem]) -> tuple[str, ...]:
    """One sentence per problem, each once, in order."""
    return tuple(dict.fromkeys(sentence(problem) for problem in problems))
