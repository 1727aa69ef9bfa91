"""Runs cases one after another and prints a line of JSON for each: ``python worker.py [first]``.

A case that ends the process, or never ends, is the one that was begun and has no outcome.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import tempfile
import time
import traceback
import warnings
from pathlib import Path

MODULES = ("names_and_headers", "bodies_and_matchers", "servers_and_files", "verifications", "classic_inputs")
HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE)]


def main(first: str | None) -> None:
    from cases import CASES

    from pact.error import PactError

    for module in MODULES:
        importlib.import_module(module)
    out = os.fdopen(os.dup(1), "w", buffering=1)
    begun = first is None
    for name, case in CASES.items():
        begun = begun or name == first
        if not begun:
            continue
        out.write(json.dumps({"begun": name}) + "\n")
        outcome, started = "works", time.monotonic()
        with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(record=True):
            os.chdir(folder)
            try:
                case.run()
            except PactError as error:
                outcome = f"refused: {type(error).__name__}: {error}"
            except BaseException:
                outcome = f"surprise: {traceback.format_exc()}"
            finally:
                os.chdir("/")
        seconds = time.monotonic() - started
        out.write(json.dumps({"name": name, "words": case.words, "outcome": outcome, "seconds": seconds}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
