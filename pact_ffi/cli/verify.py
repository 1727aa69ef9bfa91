"""The command that verifies a running provider."""

from __future__ import annotations

import argparse
import os
from typing import Any

from pact_ffi.broker import git
from pact_ffi.cli.options import LOGIN, MANY, reach
from pact_ffi.cli.output import say
from pact_ffi.errors import InvalidInputError


def add_command(commands: Any, broker: argparse.ArgumentParser) -> None:
    """Add the command."""
    command = commands.add_parser("verify", parents=[broker], help="verify a running provider against its pacts")
    command.set_defaults(run=_verify)
    option = command.add_argument_group("provider").add_argument
    option("--provider", required=True, metavar="NAME")
    option("--provider-url", "--provider-base-url", required=True, metavar="URL", help="where the provider listens")
    option("--state-url", "--provider-states-setup-url", metavar="URL", help="where provider states are posted to")
    option("--header", "--custom-provider-header", **MANY, metavar="'NAME: VALUE'", help="added to every request")
    option("--request-timeout", type=float, metavar="SECONDS", help="for one answer of the provider (default: 5)")
    option("--time-limit", type=float, metavar="SECONDS", help="for the whole run")
    option(
        "--workers", type=int, default=1, metavar="NUMBER", help="interactions verified at the same time (default: 1)"
    )
    option(
        "--independent-states", action="store_true", help="several workers may set up provider states at the same time"
    )

    option = command.add_argument_group("pacts").add_argument
    option("pacts", nargs="*", metavar="PACT", help="pact files, folders, URLs; none: those of the broker")
    option("--consumer-version-selector", **MANY, metavar="JSON", help="which of the broker's pacts (repeatable)")
    option("--consumer-version-tag", **MANY, metavar="TAG", help="the latest pacts with this tag (repeatable)")
    option("--enable-pending", action=argparse.BooleanOptionalAction, default=False, help="new pacts may fail")
    option("--include-wip-pacts-since", metavar="DATE", help="verify work in progress since then, as pending")
    option("--no-pacts-is-ok", action="store_true", help="end with 0 if there is no pact to verify")
    option("--consumer", **MANY, metavar="NAME", help="only this consumer's pacts (repeatable)")
    option("--description", metavar="REGEX", help="only interactions described so; nothing is published then")
    option("--state", metavar="REGEX", help="only interactions in this provider state; nothing is published then")
    option("--no-state", action="store_true", help="only interactions without a state; nothing is published then")

    option = command.add_argument_group("results").add_argument
    option(
        "--publish", action=argparse.BooleanOptionalAction,
        help="publish the results (default: if a version is given and this is not the build of a pull request)",
    )  # fmt: skip
    option("--publish-version", "--provider-app-version", metavar="NUMBER", help="the provider's version")
    option("--branch", "--provider-version-branch", metavar="NAME", help="its branch")
    option("--tag", "--provider-version-tag", dest="tags", **MANY, metavar="NAME", help="its tag (repeatable)")
    option("--build-url", metavar="URL", help="address of the CI build")
    option(
        "--auto-detect-version-properties", "--detect", "-r", dest="detect", action="store_true",
        help="take version, branch and build URL from git and the CI service",
    )  # fmt: skip


def _verify(_: str, given: dict[str, Any]) -> int:
    from pact_ffi.provider.report import render_report
    from pact_ffi.provider.verifier import Verifier
    from pact_ffi.values.http import header_line

    how, options = reach(given), argparse.Namespace(**given)
    if options.detect:
        options.publish_version = options.publish_version or git.commit()
        options.branch = options.branch or git.branch()
        options.build_url = options.build_url or git.build_url()
    for name in ("tags", "consumer_version_tag", "consumer_version_selector", "consumer"):  # of unset variables
        setattr(options, name, [value for value in getattr(options, name) if value.strip()])
    verifier = Verifier(options.provider).add_transport(url=options.provider_url)
    _add_sources(verifier, options, how)
    if options.state_url:
        verifier.state_handler(options.state_url, body=True)
    if _publishes(options):
        verifier.set_publish_options(options.publish_version, options.build_url, options.branch, options.tags)
    if options.description or options.state or options.no_state:
        verifier.filter(options.description, state=options.state, no_state=options.no_state)
    if options.consumer:
        verifier.filter_consumers(*options.consumer)
    for header in options.header:
        verifier.add_custom_header(*header_line(header, "--header"))
    if options.request_timeout is not None:
        verifier.set_request_timeout(int(options.request_timeout * 1000))
    if options.time_limit is not None:
        verifier.set_time_limit(options.time_limit)
    verifier.set_workers(options.workers, independent_states=options.independent_states)
    if options.no_pacts_is_ok:
        verifier.set_error_on_empty_pact(enabled=False)
    verifier.verify()
    if verifier.result is not None:
        say(render_report(verifier.result))
    return 0


def _add_sources(verifier: Any, options: argparse.Namespace, how: dict[str, Any]) -> None:
    url, *rest = (getattr(options, name) for name in LOGIN)
    login = dict(zip(LOGIN[1:], rest, strict=True))
    for source in options.pacts:
        if not source.lower().startswith(("http://", "https://")):
            verifier.add_source(source)
        elif any(rest):
            verifier.add_source(source, **login, **how)
        else:  # as a webhook's: with the credentials of the environment
            verifier.webhook_source(source, **how)
    if not url and not options.pacts and not os.environ.get("PACT_BROKER_BASE_URL"):
        broker = "a broker with --broker-base-url or PACT_BROKER_BASE_URL"
        raise InvalidInputError(f"no pacts to verify: name files, folders or URLs, or {broker}")
    if url or not options.pacts:
        verifier.broker_source(
            url,
            **login,
            **how,
            consumer_versions=options.consumer_version_selector,
            consumer_tags=options.consumer_version_tag,
            provider_branch=options.branch,
            provider_tags=options.tags,
            include_pending=options.enable_pending,
            include_wip_since=options.include_wip_pacts_since,
        )


def _publishes(options: argparse.Namespace) -> bool:
    if options.publish is False or not (options.publish or options.publish_version):
        return False
    if not options.publish_version:
        raise InvalidInputError("--publish needs the provider's version: --publish-version, or --detect")
    pull_request = git.pull_request()
    if pull_request and options.publish is None:
        say(f"Nothing will be published: this is the build of a pull request ({pull_request}); --publish does it.")
        return False
    return True
