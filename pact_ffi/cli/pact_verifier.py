"""The command ``pact-verifier``, with the options and the exit codes that it had in pact-python 1 and 2.

It ends with 0 when the provider kept its pacts, 2 when it was called wrongly, and 1 in all other cases.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pact_ffi.broker.hal import HalClient
from pact_ffi.broker.settings import BrokerSettings
from pact_ffi.classic.verifier import Verifier
from pact_ffi.cli.options import MANY, command_line
from pact_ffi.cli.output import OutputLostError, progress, say
from pact_ffi.errors import PactError, PactFileError
from pact_ffi.pact_file.reading import read_pacts


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return the exit code."""
    options = _parser().parse_args(command_line(arguments))
    pacts = [*options.pacts, *options.pact_url, *(url for urls in options.pact_urls for url in urls.split(","))]
    try:
        with progress():
            return _verify(options, [pact for pact in pacts if pact])
    except PactError as error:
        say(f"Error: {error}", to=sys.stderr)
        return 2 if isinstance(error, OutputLostError) else 1
    except KeyboardInterrupt:
        return 130


def _verify(options: argparse.Namespace, pacts: list[str]) -> int:
    broker = options.pact_broker_url or os.environ.get("PACT_BROKER_BASE_URL")
    if not pacts and not (broker and options.provider):
        say("Error: give at least one pact file, folder or URL; or a Pact Broker and --provider.", to=sys.stderr)
        return 1
    if options.publish_verification_results and not options.provider_app_version:
        say("Error: --publish-verification-results needs --provider-app-version.", to=sys.stderr)
        return 1
    code, settings = 0, _settings(options)
    for provider, sources in _by_provider(options, pacts).items():
        verifier = Verifier(provider, options.provider_base_url)
        failed, report = verifier.verify_pacts(*sources, **settings)
        say(report)
        code = code or failed
    if not pacts:
        code, report = Verifier(options.provider, options.provider_base_url).verify_with_broker(**settings)
        say(report)
    return code


def _by_provider(options: argparse.Namespace, pacts: list[str]) -> dict[str, list[str]]:
    """Return the pacts of each provider: of the one that was named, or those that the pacts are for."""
    if options.provider:
        return {options.provider: pacts} if pacts else {}
    found: dict[str, list[str]] = {}
    for pact in pacts:
        for name in dict.fromkeys(_providers(options, pact)):
            found.setdefault(name, []).append(pact)
    return found


def _providers(options: argparse.Namespace, pact: str) -> Iterator[str]:
    if pact.lower().startswith(("http://", "https://")):
        login = (options.pact_broker_username, options.pact_broker_password, options.pact_broker_token)
        yield HalClient(BrokerSettings(pact, *login)).send("GET", pact).value(str, "provider", "name")
    elif not Path(pact).exists():
        raise PactFileError(f"there is no pact file or folder {pact}")
    else:
        yield from (document.provider for document in read_pacts(Path(pact)))


def _settings(options: argparse.Namespace) -> dict[str, Any]:
    return {
        "enable_pending": options.enable_pending,
        "include_wip_pacts_since": options.include_wip_pacts_since,
        "provider_states_setup_url": options.provider_states_setup_url,
        "headers": options.custom_provider_header,
        "timeout": options.timeout,
        "consumer_tags": options.consumer_version_tag,
        "provider_tags": options.provider_version_tag,
        "consumer_version_selectors": options.consumer_version_selector,
        "provider_version_branch": options.provider_version_branch,
        "publish_version": options.provider_app_version,
        "publish_verification_results": options.publish_verification_results,
        "broker_url": options.pact_broker_url,
        "broker_username": options.pact_broker_username,
        "broker_password": options.pact_broker_password,
        "broker_token": options.pact_broker_token,
        "log_dir": options.log_dir,
        "log_level": options.log_level,
        "verbose": options.verbose,
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pact-verifier",
        description="Verify a running provider against its pacts. pact-ffi verify is the newer command, and can more.",
        epilog="Exit codes: 0 the provider kept its pacts; 2 wrong usage; 1 everything else.",
    )
    option = parser.add_argument
    option("pacts", nargs="*", metavar="PACTS", help="pact files, folders or URLs")
    option("--provider-base-url", required=True, metavar="URL", help="where the provider listens")
    option("--pact-url", **MANY, metavar="PACT", help="the same as PACTS, in the older spelling (repeatable)")
    option("--pact-urls", **MANY, metavar="PACT,PACT", help="the same, separated by commas")
    option("--provider-states-url", metavar="URL", help="has no effect, as in pact-python 2")
    option("--provider-states-setup-url", metavar="URL", help="where provider states are posted to")
    option("--pact-broker-url", metavar="URL", help="default: PACT_BROKER_BASE_URL")
    option("--pact-broker-username", metavar="NAME", help="default: PACT_BROKER_USERNAME")
    option("--pact-broker-password", metavar="TEXT", help="default: PACT_BROKER_PASSWORD")
    option("--pact-broker-token", metavar="TEXT", help="default: PACT_BROKER_TOKEN")
    option("--consumer-version-tag", **MANY, metavar="TAG", help="the latest pacts with this tag (repeatable)")
    option("--consumer-version-selector", **MANY, metavar="JSON", help="which of the broker's pacts (repeatable)")
    option("--provider-version-tag", **MANY, metavar="TAG", help="the provider version's tag (repeatable)")
    option("--provider-version-branch", metavar="NAME", help="the provider version's branch")
    option("--provider", metavar="NAME", help="the provider; files say it themselves")
    option("--custom-provider-header", **MANY, metavar="'NAME: VALUE'", help="added to every request (repeatable)")
    option("--timeout", "-t", type=int, default=30, metavar="SECONDS", help="for one answer (default: 30)")
    option("--provider-app-version", "-a", metavar="NUMBER", help="the provider's version")
    option("--publish-verification-results", "-r", action="store_true", help="publish them to the broker")
    option(
        "--verbose", action=argparse.BooleanOptionalAction, default=False, help="has no effect: see Python's logging"
    )
    option("--log-dir", metavar="FOLDER", help="has no effect: see Python's logging")
    option("--log-level", metavar="LEVEL", help="has no effect: see Python's logging")
    option("--enable-pending", action=argparse.BooleanOptionalAction, default=False, help="new pacts may fail")
    option("--include-wip-pacts-since", metavar="DATE", help="verify work in progress since then, as pending")
    return parser


if __name__ == "__main__":
    sys.exit(main())
