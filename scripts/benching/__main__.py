"""``scripts/bench [--people N] [--rounds N] [--json FILE]``: one database per size on a PostgreSQL of its own.

Every size is measured in a process of its own, so that nothing warmed up by one helps the other. Exit status 1 when a
target is missed.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from scripts.programs import ROOT
from scripts.services import postgres

SMALL = 60
TARGET = 6.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, help="write the figures there as well")
    asked = parser.parse_args()
    with postgres(durable=True) as server:
        print(f"{server.name}, {os.cpu_count()} cores", flush=True)
        small = _measure(server.url, SMALL, 1)
        large = _measure(server.url, asked.people, asked.rounds)
    figures = {"server": server.name, "settle": large["settle"], "pages": _pages(small, large)}
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=2))
    print(json.dumps(figures))
    return _report(figures)


def _measure(url: str, people: int, rounds: int) -> dict[str, Any]:
    """Figures of one size, measured in a fresh database and a fresh process."""
    name = f"bench_{people}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    environment = {
        **os.environ,
        "DATABASE_URL": f"{url.rpartition('/')[0]}/{name}",
        "DB_STATEMENT_TIMEOUT_MS": "600000",
        "DEBUG": "0",
        "REDIS_URL": "",
        "DJANGO_SETTINGS_MODULE": "kpi_portal.settings",
        "LOG_LEVEL": "WARNING",
    }
    command = [sys.executable, "-m", "scripts.benching.measure", str(people), str(rounds)]
    done = subprocess.run(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _pages(small: dict[str, Any], large: dict[str, Any]) -> dict[str, dict[str, int]]:
    sizes = {str(SMALL): small, str(large["settle"]["people"]): large}
    return {page: {size: found["pages"][page] for size, found in sizes.items()} for page in small["pages"]}


def _report(figures: dict[str, Any]) -> int:
    settle = figures["settle"]
    print(f"A month of {settle['people']} people, {len(settle['ours'])} rounds in turns, the same figures from both:")
    print(f"  settled by the portal  {settle['ours_median']:8.3f} s  {settle['ours']}")
    print(f"  one INSERT ... SELECT  {settle['floor_median']:8.3f} s  {settle['floor']}")
    print(f"  ratio {settle['ratio']} (target {TARGET}), in processor time {settle['cpu_ratio']}")
    missed = settle["ratio"] > TARGET
    print("Statements of a page:")
    for page, counts in figures["pages"].items():
        equal = len(set(counts.values())) == 1
        missed |= not equal
        sizes = ", ".join(f"{count} at {size}" for size, count in counts.items())
        print(f"  {page:10} {sizes}{'' if equal else '  GROWS'}")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
