"""``scripts/bench [--people N] [--rounds N] [--records N] [--year N] [--json FILE]``: each size on its own database.

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
FEW = 10
MOST_STATEMENTS = 15
TARGET = 6.0
REPLAY_TARGET = 3.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--records", type=int, default=10_000, help="incidents, bonuses and twice scored calls")
    parser.add_argument("--year", type=int, default=1_000, help="people of the year that is replayed as a what-if")
    parser.add_argument("--json", type=Path, help="write the figures there as well")
    asked = parser.parse_args()
    with postgres(durable=True) as server:
        print(f"{server.name}, {os.cpu_count()} cores", flush=True)
        small = _measure(server.url, SMALL, 1, FEW)
        large = _measure(server.url, asked.people, asked.rounds, asked.records)
        replay = _run(server.url, "bench_year", "replaying", asked.year)
    figures = {"server": server.name, "settle": large["settle"], "pages": _pages(small, large), "replay": replay}
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=2))
    print(json.dumps(figures))
    return _report(figures)


def _measure(url: str, people: int, rounds: int, records: int) -> dict[str, Any]:
    """Figures of one size, measured in a fresh database and a fresh process."""
    return _run(url, f"bench_{people}", "measure", people, rounds, records)


def _run(url: str, name: str, module: str, *told: int) -> dict[str, Any]:
    """What a module of this folder prints as JSON, run on a database of its own."""
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
    command = [sys.executable, "-m", f"scripts.benching.{module}", *map(str, told)]
    done = subprocess.run(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _pages(small: dict[str, Any], large: dict[str, Any]) -> dict[str, dict[str, dict[str, int]]]:
    """Page → statements and milliseconds at the small and the large size."""
    return {page: {"small": few, "large": large["pages"][page]} for page, few in small["pages"].items()}


def _report(figures: dict[str, Any]) -> int:
    settle = figures["settle"]
    print(f"A month of {settle['people']} people, {len(settle['ours'])} rounds in turns, the same figures from both:")
    print(f"  settled by the portal  {settle['ours_median']:8.3f} s  {settle['ours']}")
    print(f"  one INSERT ... SELECT  {settle['floor_median']:8.3f} s  {settle['floor']}")
    print(f"  ratio {settle['ratio']} (target {TARGET}), in processor time {settle['cpu_ratio']}")
    missed = settle["ratio"] > TARGET
    print(f"Statements of a page (at most {MOST_STATEMENTS}, the same at both sizes), and milliseconds:")
    for page, at in figures["pages"].items():
        few, many = at["small"], at["large"]
        grows = few["statements"] != many["statements"] or many["statements"] > MOST_STATEMENTS
        missed |= grows
        words = f"{few['statements']:3} {many['statements']:3}   {few['ms']:5} {many['ms']:5} ms"
        print(f"  {page:15} {words}{'  TOO MANY' if grows else ''}")
    replay = figures["replay"]
    print(f"A what-if over a year of {replay['people']} people, {replay['forms']} forms, equal to an actual run:")
    print(f"  in the background      {replay['ours']}")
    print(f"  scored, nothing kept   {replay['floor']}")
    print(f"  ratio {replay['ratio']} (target {REPLAY_TARGET})")
    return int(missed or replay["ratio"] > REPLAY_TARGET)


if __name__ == "__main__":
    sys.exit(main())
