"""Options that several commands have."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Any

MANY: dict[str, Any] = {"action": "append", "default": []}
LOGIN = ("url", "username", "password", "token")


def command_line(arguments: Sequence[str] | None) -> list[str]:
    """Return ``arguments``, or those of this process: in UTF-8, whatever the locale says."""
    given = sys.argv[1:] if arguments is None else arguments
    return [os.fsencode(text).decode("utf-8", "replace") if _is_undecoded(text) else text for text in given]


def _is_undecoded(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


def broker_options() -> argparse.ArgumentParser:
    """Return the options that say which broker, and how it is reached; they are spelled as the official tools do."""
    parser = argparse.ArgumentParser(add_help=False)
    group = parser.add_argument_group("broker", "by default the variables PACT_BROKER_BASE_URL, _USERNAME, ...")
    option = group.add_argument
    option("--broker-base-url", "-b", dest="url", metavar="URL")
    option("--broker-username", "-u", dest="username", metavar="NAME")
    option("--broker-password", "-p", dest="password", metavar="TEXT", help="visible to others: prefer the variable")
    option("--broker-token", "-k", dest="token", metavar="TEXT", help="visible to others: prefer the variable")
    option("--ca", dest="verify", default=True, metavar="PEM", help="file or folder of certificate authorities")
    option("--cert", metavar="PEM", help="a client certificate")
    option("--key", metavar="PEM", help="its key, if it is in a file of its own")
    option("--timeout", type=float, default=30, metavar="SECONDS", help="for one answer of the broker (default: 30)")
    option(
        "--retries", type=int, default=2, metavar="N", help="after 429, 502, 503 and refused connections (default: 2)"
    )
    return parser


def reach(options: dict[str, Any]) -> dict[str, Any]:
    """Take out of ``options`` how the broker is reached, as keywords of `Broker` and of the verifier's sources."""
    cert, key = options.pop("cert"), options.pop("key")
    found = {name: options.pop(name) for name in ("verify", "timeout", "retries")}
    return {**found, "cert": (cert, key) if cert and key else cert or key}
