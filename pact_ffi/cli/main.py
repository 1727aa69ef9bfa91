"""The command line, ``python -m pact_ffi``: wiring of what the library offers.

Exit codes: 0 yes or done; 1 the contract is broken, or the broker said no; 2 wrong usage or configuration, or the
broker could not be asked.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from typing import Any, TextIO

from pact_ffi.broker.client import Broker
from pact_ffi.broker.deployability import Deployability
from pact_ffi.errors import BrokerError, InvalidInputError, PactError, VerificationError

_LOGIN = ("url", "username", "password", "token")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command (default: of this process) and return the exit code; prints the results."""
    options = vars(_parser().parse_args(arguments))
    command, run = options.pop("command"), options.pop("run")
    if sys.stderr.isatty():  # progress is for people
        logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        return int(run(command, options))
    except VerificationError as error:
        _say(error, to=sys.stderr)
        return 1
    except PactError as error:
        _say(f"error: {error}", to=sys.stderr)
        return 1 if isinstance(error, BrokerError) and error.status == 409 else 2
    except KeyboardInterrupt:
        return 130


def _say(*lines: object, to: TextIO | None = None) -> None:
    (to or sys.stdout).write("".join(f"{line}\n" for line in lines))


def _ask_broker(command: str, options: dict[str, Any]) -> int:
    """Run the method of `Broker` that has the command's name; the options have its parameters' names."""
    broker = Broker(**{name: options.pop(name) for name in (*_LOGIN, "verify", "timeout")})
    answer = getattr(broker, command.replace("-", "_"))(*options.pop("pacts", ()), **options)
    if isinstance(answer, Deployability):
        verdict = "Safe to deploy." if answer else "NOT safe to deploy."
        _say(*map(_row, answer.matrix), verdict, answer.reason)
        return 0 if answer else 1
    recorded = " ".join(str(value) for value in options.values() if value)
    _say(*(f"{command}: {recorded}: done",) if answer is None else answer)
    return 0


def _row(row: dict[str, Any]) -> str:
    sides = [row.get(side) or {} for side in ("consumer", "provider")]
    texts = [f"{side.get('name')} {(side.get('version') or {}).get('number', '(no version)')}" for side in sides]
    success = (row.get("verificationResult") or {}).get("success")
    return f"{' - '.join(texts)}: {'ok' if success else 'not verified' if success is None else 'FAILED'}"


def _verify(_: str, given: dict[str, Any]) -> int:
    from pact_ffi.provider.verifier import Verifier

    options = argparse.Namespace(**given)
    url, *login = (given[name] for name in _LOGIN)
    verifier = Verifier(options.provider).add_transport(url=options.provider_url)
    for source in options.pacts:
        if not source.startswith(("http://", "https://")):
            verifier.add_source(source)
        elif any(login):
            verifier.add_source(source, **dict(zip(_LOGIN[1:], login, strict=True)))
        else:
            verifier.webhook_source(source)
    if url or not options.pacts:
        username, password, token = login
        selectors = verifier.broker_source(url, username=username, password=password, token=token, selector=True)
        selectors.consumer_versions(*options.consumer_version_selector)
        if options.branch:
            selectors.provider_branch(options.branch)
        if options.enable_pending:
            selectors.include_pending()
        if options.include_wip_pacts_since:
            selectors.include_wip_since(options.include_wip_pacts_since)
        selectors.build()
    if options.state_url:
        verifier.state_handler(options.state_url, body=True)
    if options.publish_version:
        verifier.set_publish_options(options.publish_version, options.build_url, options.branch, options.tags)
    if options.description or options.state or options.no_state:
        verifier.filter(options.description, state=options.state, no_state=options.no_state)
    if options.consumer:
        verifier.filter_consumers(*options.consumer)
    for header in options.header:
        name, colon, value = header.partition(":")
        if not colon:
            raise InvalidInputError(f"--header {name!r} must read 'Name: value'")
        verifier.add_custom_header(name.strip(), value.strip())
    verifier.verify()
    _say(f"{options.provider}: all pacts verified")
    return 0


def _info(*_: object) -> int:
    from pact_ffi.cli.info import describe

    facts = list(describe())
    _say(*(f"{name + ':':16}{value}" for name, value in facts))
    return 2 if any(name == "core" and value.startswith("unusable") for name, value in facts) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m pact_ffi",
        description="Publish and verify contracts, and ask a Pact Broker what may be deployed.",
        epilog="Exit codes: 0 yes or done; 1 broken contract, or a no from the broker; 2 wrong usage or configuration, "
        "or a broker that could not be asked.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    many: dict[str, Any] = {"action": "append", "default": []}

    login = argparse.ArgumentParser(add_help=False)
    group = login.add_argument_group("broker", "by default the variables PACT_BROKER_BASE_URL, _USERNAME, ...")
    option = group.add_argument
    option("--broker-base-url", "-u", dest="url", metavar="URL")
    option("--broker-username", dest="username", metavar="NAME")
    option("--broker-password", dest="password", metavar="TEXT", help="others may see it: prefer the variable")
    option("--broker-token", dest="token", metavar="TEXT", help="likewise")
    reach = argparse.ArgumentParser(add_help=False, parents=[login])
    reach.set_defaults(run=_ask_broker)
    option = reach.add_argument
    option(
        "--ca", dest="verify", default=True, metavar="PEM", help="file or folder of certificate authorities to trust"
    )
    option("--timeout", type=float, default=30, metavar="SECONDS", help="longest silence of the broker (default: 30)")

    option = commands.add_parser("publish", parents=[reach], help="publish pact files to a broker").add_argument
    option("pacts", nargs="+", metavar="PACT", help="a pact file, or a folder of them")
    option("--version", "-a", help="the consumer's version")
    option("--branch", help="its branch")
    option("--tag", "-t", dest="tags", **many, help="its tag (repeatable)")
    option("--tag-with-branch", action="store_true", help="use the branch as a tag, too")
    option("--build-url", metavar="URL", help="address of the CI build")
    option("--detect", action="store_true", help="take version, branch and build URL from git and the CI service")
    option("--consumer", metavar="NAME", help="publish only this consumer's pacts")
    option("--merge", action="store_true", help="merge with what is published for this version")

    command = commands.add_parser("can-i-deploy", parents=[reach], help="ask if a version is safe to deploy")
    option = command.add_argument
    option("--pacticipant", "-a", required=True, metavar="NAME", help="the application")
    option("--version", "-e", help="its version")
    option("--latest", "-l", nargs="?", const=True, metavar="TAG", help="or its latest version (with this tag)")
    option("--to-environment", metavar="NAME", help="the environment to deploy to")
    option("--to", metavar="TAG", help="or the tag that stands for it")
    option("--retry-while-unknown", type=int, default=0, metavar="N", help="ask again while results are missing")
    option("--retry-interval", type=float, default=10, metavar="SECONDS", help="between questions (default: 10)")

    for name, what in (
        ("record-deployment", "a version runs in an environment"),
        ("record-undeployment", "an application runs no more in an environment"),
        ("record-release", "a version is available in an environment"),
        ("record-support-ended", "a released version is no more supported"),
    ):
        option = commands.add_parser(name, parents=[reach], help=f"tell the broker that {what}").add_argument
        option("--pacticipant", "-a", required=True, metavar="NAME", help="the application")
        if name != "record-undeployment":
            option("--version", "-e", required=True)
        option("--environment", required=True, metavar="NAME")
        if name.endswith("deployment"):
            option("--application-instance", metavar="NAME", help="one of several in the environment")

    verify = commands.add_parser("verify", parents=[login], help="verify a running provider against its pacts")
    verify.set_defaults(run=_verify)
    option = verify.add_argument
    option("pacts", nargs="*", metavar="PACT", help="pact files, folders, URLs; none: those of the broker")
    option("--provider", required=True, metavar="NAME")
    option("--provider-url", required=True, metavar="URL", help="where the provider listens")
    option("--state-url", metavar="URL", help="where provider states are posted to")
    option("--header", **many, metavar="'NAME: VALUE'", help="added to every request (repeatable)")
    option("--consumer-version-selector", **many, metavar="JSON", help="which of the broker's pacts (repeatable)")
    option("--enable-pending", action="store_true", help="new pacts may fail without breaking the build")
    option("--include-wip-pacts-since", metavar="DATE", help="verify work in progress since then, as pending")
    option("--publish-version", metavar="VERSION", help="publish the results for this provider version")
    option("--branch", help="the provider's branch")
    option("--tag", dest="tags", **many, help="the provider version's tag (repeatable)")
    option("--build-url", metavar="URL", help="address of the CI build")
    option("--consumer", **many, metavar="NAME", help="only this consumer's pacts (repeatable)")
    option("--description", metavar="REGEX", help="only interactions described so")
    option("--state", metavar="REGEX", help="only interactions in this provider state")
    option("--no-state", action="store_true", help="only interactions without a provider state")

    commands.add_parser("info", help="say what is installed here, for bug reports").set_defaults(run=_info)
    return parser
