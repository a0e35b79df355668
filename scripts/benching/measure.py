"""One size, measured here: ``python -m scripts.benching.measure PEOPLE ROUNDS RECORDS``; the last line is JSON."""

import json
import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402  # after the set-up

from scripts.benching import pages, people, records, settling  # noqa: E402


def main() -> None:
    size, rounds, count = (int(text) for text in sys.argv[1:4])
    call_command("migrate", verbosity=0)
    cycle = people.build(size)
    settled = settling.compare(cycle, rounds=rounds)
    records.ledgers(count)
    print(json.dumps({"pages": pages.visited(cycle), "settle": settled}))


if __name__ == "__main__":
    main()
