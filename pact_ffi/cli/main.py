"""The command line ``pact-ffi`` (or ``python -m pact_ffi``).

Exit codes: 0 yes or done; 1 the contract is broken, or the broker said no; 2 wrong usage or configuration, or the
broker could not be asked.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from pact_ffi.cli import broker, verify
from pact_ffi.cli.options import broker_options, command_line
from pact_ffi.cli.output import progress, say
from pact_ffi.errors import BrokerError, PactError, VerificationError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command (default: of this process) and return the exit code; prints the results."""
    options = vars(_parser().parse_args(command_line(arguments)))
    command, run = options.pop("command"), options.pop("run")
    try:
        with progress():
            return int(run(command, options))
    except VerificationError as error:
        say(error, to=sys.stderr)
        return 1
    except PactError as error:
        say(f"error: {error}", to=sys.stderr)
        return 1 if isinstance(error, BrokerError) and error.status == 409 else 2
    except KeyboardInterrupt:
        return 130


def _info(*_: object) -> int:
    from pact_ffi.cli.info import describe

    facts = list(describe())
    say(*(f"{name + ':':16}{value}" for name, value in facts))
    return 2 if any(name == "core" and value.startswith("unusable") for name, value in facts) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pact-ffi",
        description="Publish and verify contracts, and ask a Pact Broker what may be deployed.",
        epilog="Exit codes: 0 yes or done; 1 broken contract, or a no from the broker; 2 wrong usage or configuration, "
        "or a broker that could not be asked.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    options = broker_options()
    broker.add_commands(commands, options)
    verify.add_command(commands, options)
    commands.add_parser("info", help="say what is installed here, for bug reports").set_defaults(run=_info)
    return parser
