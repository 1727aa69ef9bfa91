"""Measure what work costs us and the peers, side by side in one run, and print the table.

The peers are the raw library, pact-python 4.2.0 and the Rust command line, each where a row names it; they are
installed at first use, into a folder of the user's cache. This tree is installed into an environment of its own, as
users do. All rows work on the order of order.py, a body as people have them. A row of which nothing is said about a
reach is there to know it. A thousand tests with a write in each take pact-python six minutes: ``--tests 200`` gives a
first look, and no verdict on those rows.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import sys
from pathlib import Path

HEAD = ["work", "row", "measured against", "theirs", "ours", "ratio", "reach", "verdict"]
BEGIN, END = "<!-- made by ci/bench --write -->", "<!-- end of what ci/bench made -->"
PAGE = Path(__file__).resolve().parent.parent / "docs" / "cost.md"


def main() -> None:
    """Run the rows that were asked for."""
    parser = argparse.ArgumentParser("ci/bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--tests", type=int, default=1000, help="tests of the rows suite and session")
    parser.add_argument("--interactions", type=int, default=1000, help="interactions of the rows verify and broker")
    parser.add_argument("--rounds", type=int, default=3, help="repetitions of what is quick")
    parser.add_argument("--clock", choices=("wall", "cpu"), default="wall", help="cpu is for busy machines")
    parser.add_argument("--write", action="store_true", help="put the table of a whole run into docs/cost.md")
    parser.add_argument(
        "--profile", choices=("cold", "serve"), help="where the time of that row goes, and nothing else"
    )
    parser.add_argument("--rows", action="store_true", help="list the rows")
    parser.add_argument("rows_wanted", nargs="*", metavar="ROW", help="the rows to measure; all unless given")
    options = parser.parse_args()
    os.environ["BENCH_CLOCK"] = options.clock  # before the modules that read it
    from rows import ROWS

    if unknown := set(options.rows_wanted) - ROWS.keys():
        parser.error(f"no row {', '.join(unknown)}; there are {', '.join(ROWS)}")
    if options.rows:
        print("\n".join(f"{name:8} {row.__doc__}" for name, row in ROWS.items()))
        return
    if options.profile:
        import profiles

        print(profiles.PROFILES[options.profile](options))
        return
    if options.write and options.rows_wanted:
        parser.error("--write is for a run of all rows")
    table = []
    for name in options.rows_wanted or ROWS:
        print(f"{name}: {ROWS[name].__doc__}", file=sys.stderr, flush=True)
        for figure in ROWS[name](options):
            work, *cells = figure.cells()
            table.append([work, f"`{name}`", *cells])
            print("  " + " | ".join(filter(None, table[-1])), file=sys.stderr, flush=True)
    text = f"{conditions(options)}\n\n{markdown(table)}"
    print(text)
    if options.write:
        head, rest = PAGE.read_text("utf-8").split(BEGIN)
        PAGE.write_text(f"{head}{BEGIN}\n{text}\n{END}{rest.split(END)[1]}", "utf-8")


def conditions(options: argparse.Namespace) -> str:
    """When and on what it was measured."""
    clock = "time on the wall" if options.clock == "wall" else "time of the processor"
    today = datetime.datetime.now(datetime.timezone.utc).date()
    machine = f"{os.cpu_count()} processors, Python {platform.python_version()}, {platform.system()}"
    return f"Measured on {today}: {machine}; {clock}, medians of {options.rounds} rounds or more."


def markdown(table: list[list[str]]) -> str:
    """The table as Markdown."""
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [HEAD, ["---"] * len(HEAD), *table])


if __name__ == "__main__":
    main()
