"""One size, measured in this process: ``python -m scripts.benching.measure PEOPLE ROUNDS``; the last line is JSON."""

import json
import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402  # after the set-up

from scripts.benching import pages, people, settling  # noqa: E402


def main() -> None:
    size, rounds = int(sys.argv[1]), int(sys.argv[2])
    call_command("migrate", verbosity=0)
    cycle = people.build(size)
    figures = {"pages": pages.statements(cycle), "settle": settling.compare(cycle, rounds=rounds)}
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
