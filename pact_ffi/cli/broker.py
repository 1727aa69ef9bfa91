"""The commands that tell a broker something."""

from __future__ import annotations

import argparse
import json
from typing import Any

from pact_ffi.broker.client import Broker
from pact_ffi.cli.ask import add_can_i_deploy
from pact_ffi.cli.options import LOGIN, MANY, reach
from pact_ffi.cli.output import say
from pact_ffi.reporting.screen import printable


def add_commands(commands: Any, broker: argparse.ArgumentParser) -> None:
    """Add the commands."""
    _add_publish(commands, broker)
    add_can_i_deploy(commands, broker)
    for name, what in (
        ("record-deployment", "a version runs in an environment"),
        ("record-undeployment", "an application no longer runs in an environment"),
        ("record-release", "a version is available in an environment"),
        ("record-support-ended", "a released version is no longer supported"),
    ):
        command = commands.add_parser(name, parents=[broker], help=f"tell the broker that {what}")
        command.set_defaults(run=_run)
        option = command.add_argument
        option("--pacticipant", "-a", required=True, metavar="NAME", help="the application")
        if name != "record-undeployment":
            option("--version", "-e", required=True, metavar="NUMBER")
        option("--environment", required=True, metavar="NAME")
        if name.endswith("deployment"):
            option("--application-instance", metavar="NAME", help="one of several in the environment")

    command = commands.add_parser("create-environment", parents=[broker], help="tell the broker of an environment")
    command.set_defaults(run=_run)
    option = command.add_argument
    option("--name", required=True, metavar="NAME")
    option("--display-name", metavar="TEXT", help="what people call it")
    option("--production", action=argparse.BooleanOptionalAction, default=False, help="whether it is a production one")

    command = commands.add_parser("describe-version", parents=[broker], help="say what the broker knows of a version")
    command.set_defaults(run=_describe)
    option = command.add_argument
    option("--pacticipant", "-a", required=True, metavar="NAME", help="the application")
    option("--version", "-e", metavar="NUMBER", help="its version (default: the latest)")
    option("--output", "-o", choices=("table", "json"), default="table")


def _add_publish(commands: Any, broker: argparse.ArgumentParser) -> None:
    command = commands.add_parser("publish", parents=[broker], help="publish pact files to a broker")
    command.set_defaults(run=_run)
    option = command.add_argument
    option("pacts", nargs="+", metavar="PACT", help="a pact file, a folder of them, or a pattern in quotes")
    option("--consumer-app-version", "--version", "-a", dest="version", metavar="NUMBER", help="the consumer's version")
    option("--branch", metavar="NAME", help="its branch")
    option("--tag", "-t", dest="tags", **MANY, metavar="NAME", help="its tag (repeatable; an empty one is left out)")
    option(
        "--tag-with-git-branch", "--tag-with-branch", "-g", dest="tag_with_branch", action="store_true",
        help="use the branch as a tag, too",
    )  # fmt: skip
    option("--build-url", metavar="URL", help="address of the CI build")
    option(
        "--auto-detect-version-properties", "--detect", "-r", dest="detect", action="store_true",
        help="take version, branch and build URL from git and the CI service",
    )  # fmt: skip
    option("--consumer", metavar="NAME", help="publish only this consumer's pacts")
    option(
        "--merge", action="store_true",
        help="merge with what is published for this version; the broker needs allow_dangerous_contract_modification",
    )  # fmt: skip


def _run(command: str, options: dict[str, Any]) -> int:
    """Run the method of `Broker` that has the command's name; the options have its parameters' names."""
    broker = Broker(**{name: options.pop(name) for name in LOGIN}, **reach(options))
    answer = getattr(broker, command.replace("-", "_"))(*options.pop("pacts", ()), **options)
    recorded = " ".join(str(value) for value in options.values() if value and value is not True)
    say(*(f"{command}: {recorded}: done",) if answer is None else (printable(str(notice)) for notice in answer))
    return 0


def _describe(_: str, options: dict[str, Any]) -> int:
    output = options.pop("output")
    broker = Broker(**{name: options.pop(name) for name in LOGIN}, **reach(options))
    version = broker.describe_version(**options)
    if output == "json":
        say(json.dumps(version, indent=2))
    else:
        texts = {name: ", ".join(value) if isinstance(value, list) else value for name, value in version.items()}
        say(*(f"{name + ':':13}{printable(text or '-')}" for name, text in texts.items()))
    return 0
