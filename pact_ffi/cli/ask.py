"""can-i-deploy: its options, which come in pairs, and its answer."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import Any

from pact_ffi.broker.client import Broker
from pact_ffi.broker.deployability import Candidate, Deployability
from pact_ffi.cli.options import LOGIN, reach
from pact_ffi.cli.output import say
from pact_ffi.errors import InvalidInputError, PactError
from pact_ffi.reporting.screen import printable


class _Pair(argparse.Action):
    """Collects ``--pacticipant A --version 1 --pacticipant B --branch main``, and ``--ignore C --version 2``."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        pairs: list[dict[str, Any]] = list(namespace.pairs)
        last = pairs[-1] if pairs else None
        value = True if self.nargs == 0 or values is None else values
        if self.dest in ("pacticipant", "ignore"):
            # --version may have come first
            named = last is None or last.keys() & {"pacticipant", "ignore"} or self.dest == "ignore"
        else:
            named = last is None
        if last is None or named:
            pairs.append({self.dest: value})
        else:
            pairs[-1] = {**last, self.dest: value}
        namespace.pairs = pairs


def add_can_i_deploy(commands: Any, broker: argparse.ArgumentParser) -> None:
    """Add the command."""
    command = commands.add_parser(
        "can-i-deploy",
        parents=[broker],
        help="ask if a version is safe to deploy",
        epilog="--pacticipant and what says its version may be repeated, --ignore too.",
    )
    command.set_defaults(run=_ask, pairs=[])
    option = command.add_argument
    once: dict[str, Any] = {"action": _Pair, "default": argparse.SUPPRESS}
    option("--pacticipant", "-a", **once, metavar="NAME", help="an application")
    option("--version", "-e", **once, metavar="NUMBER", help="its version")
    option("--latest", "-l", **once, nargs="?", metavar="TAG", help="or its latest version (with this tag)")
    option("--branch", **once, metavar="NAME", help="or the latest version of this branch")
    option("--main-branch", **once, nargs=0, help="or the latest version of its main branch")
    option("--ignore", **once, metavar="NAME", help="an application whose results do not matter")
    option("--to-environment", metavar="NAME", help="the environment to deploy to")
    option("--to", metavar="TAG", help="or the tag that stands for it")
    option("--retry-while-unknown", type=int, default=0, metavar="N", help="ask again while results are missing")
    option("--retry-interval", type=float, default=10, metavar="SECONDS", help="between questions (default: 10)")
    option("--dry-run", action="store_true", help="answer as ever, and end with 0")
    option("--output", "-o", choices=("table", "json"), default="table")


def _ask(_: str, options: dict[str, Any]) -> int:
    dry, output, pairs = options.pop("dry_run"), options.pop("output"), options.pop("pairs")
    try:
        code = _answer(options, pairs, output)
    except PactError as error:
        if not dry:
            raise
        say(f"error: {error}")
        code = 2
    if dry and code:
        say("This is a dry run: the answer does not count.")
    return 0 if dry else code


def _answer(options: dict[str, Any], pairs: list[dict[str, Any]], output: str) -> int:
    broker = Broker(**{name: options.pop(name) for name in LOGIN}, **reach(options))
    asked = [pair for pair in pairs if "ignore" not in pair]
    ignored = [(pair["ignore"], pair.get("version")) for pair in pairs if "ignore" in pair]
    if not asked or any("pacticipant" not in pair for pair in asked):
        raise InvalidInputError("can-i-deploy needs --pacticipant NAME and its version")
    first, *others = asked
    answer = broker.can_i_deploy(
        **first,
        **options,
        others=[Candidate(**pair) for pair in others],
        ignore=[(name, version) if version else name for name, version in ignored],
    )
    say(*(_json(answer) if output == "json" else _table(answer)))
    return 0 if answer else 1


def _json(answer: Deployability) -> list[str]:
    summary = {"deployable": answer.deployable, "reason": answer.reason, "unknown": answer.unknown}
    notices = [{"type": notice.kind, "text": notice.text} for notice in answer.notices]
    return [json.dumps({"summary": summary, "notices": notices, "matrix": answer.matrix}, indent=2)]


def _table(answer: Deployability) -> list[str]:
    verdict = "Safe to deploy." if answer else "NOT safe to deploy."
    return [*map(_row, answer.matrix), verdict, printable(answer.reason)]


def _row(row: dict[str, Any]) -> str:
    texts = []
    for name in ("consumer", "provider"):
        side = row.get(name)
        side = side if isinstance(side, dict) else {}
        version = side.get("version")
        number = version.get("number") if isinstance(version, dict) else "(no version)"
        texts.append(f"{side.get('name')} {number}")
    result = row.get("verificationResult")
    success = result.get("success") if isinstance(result, dict) else None
    outcome = "ok" if success else "not verified" if success is None else "FAILED"
    return printable(f"{' - '.join(texts)}: {outcome}{' (ignored)' if row.get('ignored') else ''}")
