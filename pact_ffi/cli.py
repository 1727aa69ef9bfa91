"""The command line, ``python -m pact_ffi``: wiring of what the library offers.

Exit codes: 0 yes or done; 1 the contract is broken, or the broker said no; 2 wrong usage or configuration, or the
broker could not be asked.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from typing import TextIO

from pact_ffi.broker import Broker, Deployability
from pact_ffi.errors import BrokerError, InvalidInputError, PactError, VerificationError
from pact_ffi.hal import BrokerSettings

Arguments = argparse.Namespace


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command (default: of this process) and return the exit code; prints the results."""
    options = _parser().parse_args(arguments)
    if sys.stderr.isatty():  # progress is for people
        logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        return int(options.run(options))
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


def _publish(options: Arguments) -> int:
    notices = _broker(options).publish(
        *options.pacts, version=options.version, branch=options.branch, tags=options.tag, build_url=options.build_url,
        consumer=options.consumer, detect=options.detect, tag_with_branch=options.tag_with_branch, merge=options.merge,
    )  # fmt: skip
    _say(*notices)
    return 0


def _can_i_deploy(options: Arguments) -> int:
    answer = _broker(options).can_i_deploy(
        options.pacticipant, options.version, latest=options.latest, to_environment=options.to_environment,
        to=options.to, retry_while_unknown=options.retry_while_unknown, retry_interval=options.retry_interval,
    )  # fmt: skip
    _say(*_table(answer), "Safe to deploy." if answer else "NOT safe to deploy.", answer.reason)
    return 0 if answer else 1


def _table(answer: Deployability) -> list[str]:
    lines = []
    for row in answer.matrix:
        sides = [row.get(side) or {} for side in ("consumer", "provider")]
        texts = [f"{side.get('name')} {(side.get('version') or {}).get('number', '(no version)')}" for side in sides]
        success = (row.get("verificationResult") or {}).get("success")
        outcome = "ok" if success else "not verified" if success is None else "FAILED"
        lines.append(f"{' - '.join(texts)}: {outcome}")
    return lines


def _record(options: Arguments) -> int:
    given = ("version", "application_instance")
    named = {name: vars(options)[name] for name in given if name in options}
    getattr(_broker(options), options.command.replace("-", "_"))(
        options.pacticipant, environment=options.environment, **named
    )
    what = " ".join([options.pacticipant, *filter(None, [named.get("version")])])
    _say(f"{options.command}: {what}, {options.environment}: recorded")
    return 0


def _verify(options: Arguments) -> int:
    from pact_ffi.provider.verifier import Verifier

    verifier = Verifier(options.provider).add_transport(url=options.provider_url)
    given = (options.broker_username, options.broker_password, options.broker_token)
    for source in options.pacts:
        remote = source.startswith(("http://", "https://"))
        verifier.add_source(source, **(BrokerSettings(source, *given).login() if remote else {}))
    if options.broker_base_url or not options.pacts:
        settings = BrokerSettings(options.broker_base_url, *given)
        selectors = verifier.broker_source(settings.url, **settings.login(), selector=True, use_env=False)
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
        verifier.set_publish_options(options.publish_version, options.build_url, options.branch, options.tag)
    if options.description or options.state is not None or options.no_state:
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


def _info(options: Arguments) -> int:
    from pact_ffi.info import describe

    facts = list(describe())
    _say(*(f"{name + ':':16}{value}" for name, value in facts))
    return 2 if any(name == "core" and value.startswith("unusable") for name, value in facts) else 0


def _broker(options: Arguments) -> Broker:
    given = (options.broker_base_url, options.broker_username, options.broker_password, options.broker_token)
    return Broker(*given, verify=options.ca or True, timeout=options.timeout)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m pact_ffi",
        description="Publish and verify contracts, and ask a Pact Broker what may be deployed.",
        epilog="Exit codes: 0 yes or done; 1 broken contract, or a no from the broker; 2 wrong usage or configuration, "
        "or a broker that could not be asked.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    login = argparse.ArgumentParser(add_help=False)
    group = login.add_argument_group("broker", "by default, the variables PACT_BROKER_BASE_URL, _USERNAME, ...")
    group.add_argument("--broker-base-url", "-u", metavar="URL")
    group.add_argument("--broker-username", metavar="NAME")
    group.add_argument(
        "--broker-password", metavar="TEXT", help="visible to other users of the machine: prefer the variable"
    )
    group.add_argument("--broker-token", metavar="TEXT", help="likewise")
    reach = argparse.ArgumentParser(add_help=False, parents=[login])
    reach.add_argument(
        "--ca", metavar="PEM", help="file or folder of certificate authorities to trust instead of the system's"
    )
    reach.add_argument(
        "--timeout", type=float, default=30, metavar="SECONDS", help="longest silence of the broker (default: 30)"
    )

    publish = commands.add_parser("publish", parents=[reach], help="publish pact files to a broker")
    publish.set_defaults(run=_publish)
    publish.add_argument("pacts", nargs="+", metavar="PACT", help="a pact file, or a folder of them")
    publish.add_argument("--version", "-a", help="the consumer's version")
    publish.add_argument("--branch", help="its branch")
    publish.add_argument("--tag", "-t", action="append", default=[], help="its tag (repeatable)")
    publish.add_argument("--tag-with-branch", action="store_true", help="use the branch as a tag, too")
    publish.add_argument("--build-url", metavar="URL", help="address of the CI build")
    publish.add_argument(
        "--detect", action="store_true", help="take version, branch and build URL from git and the CI service"
    )
    publish.add_argument("--consumer", metavar="NAME", help="publish only this consumer's pacts")
    publish.add_argument("--merge", action="store_true", help="merge with what is published for this version")

    ask = commands.add_parser("can-i-deploy", parents=[reach], help="ask whether a version is safe to deploy")
    ask.set_defaults(run=_can_i_deploy)
    ask.add_argument("--pacticipant", "-a", required=True, metavar="NAME", help="the application")
    ask.add_argument("--version", "-e", help="its version")
    ask.add_argument(
        "--latest", "-l", nargs="?", const=True, metavar="TAG", help="or its latest version (with this tag)"
    )
    ask.add_argument("--to-environment", metavar="NAME", help="the environment to deploy to")
    ask.add_argument("--to", metavar="TAG", help="or the tag that stands for it")
    ask.add_argument(
        "--retry-while-unknown", type=int, default=0, metavar="N", help="ask again while results are missing"
    )
    ask.add_argument(
        "--retry-interval", type=float, default=10, metavar="SECONDS", help="between two questions (default: 10)"
    )

    for name, what, versioned, instanced in (
        ("record-deployment", "a version runs in an environment", True, True),
        ("record-undeployment", "an application runs no more in an environment", False, True),
        ("record-release", "a version is available in an environment", True, False),
        ("record-support-ended", "a released version is no more supported", True, False),
    ):
        record = commands.add_parser(name, parents=[reach], help=f"tell the broker that {what}")
        record.set_defaults(run=_record)
        record.add_argument("--pacticipant", "-a", required=True, metavar="NAME", help="the application")
        record.add_argument("--environment", required=True, metavar="NAME")
        if versioned:
            record.add_argument("--version", "-e", required=True)
        if instanced:
            record.add_argument("--application-instance", metavar="NAME", help="one of several in the environment")

    verify = commands.add_parser("verify", parents=[login], help="verify a running provider against its pacts")
    verify.set_defaults(run=_verify)
    verify.add_argument("pacts", nargs="*", metavar="PACT", help="pact files, folders, URLs; none: those of the broker")
    verify.add_argument("--provider", required=True, metavar="NAME")
    verify.add_argument("--provider-url", required=True, metavar="URL", help="where the provider listens")
    verify.add_argument("--state-url", metavar="URL", help="where provider states are posted to")
    verify.add_argument(
        "--header", action="append", default=[], metavar="'NAME: VALUE'", help="added to every request (repeatable)"
    )
    verify.add_argument("--consumer-version-selector", action="append", default=[], metavar="JSON", help="(repeatable)")
    verify.add_argument("--enable-pending", action="store_true", help="new pacts may fail without breaking the build")
    verify.add_argument("--include-wip-pacts-since", metavar="DATE")
    verify.add_argument("--publish-version", metavar="VERSION", help="publish the results for this provider version")
    verify.add_argument("--branch", help="the provider's branch")
    verify.add_argument("--tag", action="append", default=[], help="the provider version's tag (repeatable)")
    verify.add_argument("--build-url", metavar="URL", help="address of the CI build")
    verify.add_argument(
        "--consumer", action="append", default=[], metavar="NAME", help="only this consumer's pacts (repeatable)"
    )
    verify.add_argument("--description", metavar="REGEX", help="only interactions described so")
    verify.add_argument("--state", metavar="REGEX", help="only interactions in this provider state")
    verify.add_argument("--no-state", action="store_true", help="only interactions without a provider state")

    commands.add_parser("info", help="say what is installed here, for bug reports").set_defaults(run=_info)
    return parser
