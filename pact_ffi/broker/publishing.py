"""Publishing pact files."""

from __future__ import annotations

import base64
import glob
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from pact_ffi.broker import git
from pact_ffi.broker.address import expand
from pact_ffi.broker.hal import HalClient, Resource
from pact_ffi.errors import BrokerError, InvalidInputError, PactFileError

_log = logging.getLogger("pact.broker")
_CONFLICT = 409


class Notice(NamedTuple):
    """What the broker wants its user to read; ``kind`` is its "debug", "info", "success", "warning", "danger"..."""

    kind: str
    text: str

    def __str__(self) -> str:
        return self.text


def notices(answer: Resource) -> list[Notice]:
    """Return the notices in an answer of the broker."""
    found = answer.objects("notices") or answer.objects("logs")  # "logs" before broker 2.80
    return [Notice(n.said("type") or n.said("level"), n.said("text") or n.said("message")) for n in found]


class PactToPublish(NamedTuple):
    """One pact file."""

    path: Path
    consumer: str
    provider: str
    content: bytes

    def contract(self, merge: bool) -> dict[str, str]:
        """Return the pact as ``pb:publish-contracts`` takes it."""
        names = {"consumerName": self.consumer, "providerName": self.provider}
        form = {"specification": "pact", "contentType": "application/json"}
        content = base64.b64encode(self.content).decode()
        return {**names, **form, "content": content, **({"onConflict": "merge"} if merge else {})}


class ConsumerVersion(NamedTuple):
    """The version of the consumer that pacts are published for."""

    number: str
    branch: str | None = None
    tags: tuple[str, ...] = ()
    build_url: str | None = None

    def details(self) -> dict[str, Any]:
        """Return what else than the number is known."""
        found = {"branch": self.branch, "tags": list(self.tags), "buildUrl": self.build_url}
        return {key: value for key, value in found.items() if value}


def described_version(
    number: str | None,
    branch: str | None,
    tags: Iterable[str],
    build_url: str | None,
    *,
    detect: bool,
    tag_with_branch: bool,
) -> ConsumerVersion:
    """Return the version to publish for, with what git and the CI service say (``detect``) where nothing was given.

    Empty tags are left out: they come from unset variables. Raises `InvalidInputError` without a number, `UsageError`
    where git has nothing to say.
    """
    number = number or (git.commit() if detect else None)
    if not number:
        raise InvalidInputError("publishing needs the consumer's version: pass it, or ask for detection from git")
    branch = branch or (git.branch() if detect or tag_with_branch else None)
    names = dict.fromkeys([tags] if isinstance(tags, str) else tags)
    if tag_with_branch and branch:
        names[branch] = None
    build_url = build_url or (git.build_url() if detect else None)
    return ConsumerVersion(number, branch, tuple(name for name in names if name.strip()), build_url)


def pacts_to_publish(sources: Iterable[str | Path], consumer: str | None) -> list[PactToPublish]:
    """Read and check everything before anything is sent.

    A source is a file, a folder, or a pattern (``pacts/*.json``) that matches some. Raises `PactFileError` where there
    is nothing to publish, or something that is not a pact.
    """
    from pact_ffi.pact_file.reading import read_pacts  # it needs the core, which the other commands can do without

    chosen: dict[tuple[str, str], PactToPublish] = {}
    sources = list(sources)
    for path in (path for source in sources for path in _paths(source)):
        for pact in read_pacts(path):
            if consumer in (None, pact.consumer):
                file = Path(pact.source)
                read = PactToPublish(file, pact.consumer, pact.provider, file.read_bytes())
                other = chosen.setdefault((pact.consumer, pact.provider), read).path
                if other.resolve() != file.resolve():
                    raise PactFileError(f"{other} and {file} are both the pact of {read.consumer} and {read.provider}")
    if not chosen:
        where = ", ".join(map(str, sources)) or "nowhere: no file or folder was given"
        raise PactFileError(f"no pact{f' of consumer {consumer!r}' if consumer else ''} to publish in {where}")
    return list(chosen.values())


def _paths(source: str | Path) -> list[Path]:
    path = Path(source)
    if path.exists() or not glob.has_magic(str(source)):
        return [path]
    matches = [Path(name) for name in sorted(glob.glob(str(source), recursive=True))]
    if not matches:
        raise PactFileError(f"no file matches {source}")
    return matches


def publish(hal: HalClient, pacts: list[PactToPublish], version: ConsumerVersion, merge: bool) -> list[Notice]:
    """Publish ``pacts``, all those of one consumer in one request (``pb:publish-contracts``); raises `BrokerError`."""
    index, told = hal.index(), []
    url = index.link("pb:publish-contracts")
    for name in dict.fromkeys(pact.consumer for pact in pacts):
        group = [pact for pact in pacts if pact.consumer == name]
        count = f"{len(group)} pact{'' if len(group) == 1 else 's'}"
        _log.info("publishing %s of %s, version %s", count, name, version.number)
        try:
            if url:
                head = {"pacticipantName": name, "pacticipantVersionNumber": version.number, **version.details()}
                contracts = [pact.contract(merge) for pact in group]
                told += notices(hal.send("POST", url, {**head, "contracts": contracts}))
            else:
                told += _publish_to_old_broker(hal, group, version, merge)
        except BrokerError as error:
            hint = ""
            if error.status == _CONFLICT and merge:
                hint = "; to merge, the broker needs the setting allow_dangerous_contract_modification"
            text = f"pacts of {name} {version.number} were not published: {error}{hint}"
            raise BrokerError(text, error.status) from None
    return told


def _publish_to_old_broker(
    hal: HalClient, pacts: list[PactToPublish], version: ConsumerVersion, merge: bool
) -> list[Notice]:
    """Publish to a broker before 2.86: tags first, so that its webhooks see them."""
    values = {"consumer": pacts[0].consumer, "version": version.number}
    for tag in version.tags:
        path = expand("/pacticipants/{consumer}/versions/{version}/tags/{tag}", tag=tag, **values)
        hal.send("PUT", hal.url + path, {})
    for pact in pacts:
        path = expand("/pacts/provider/{to}/consumer/{consumer}/version/{version}", to=pact.provider, **values)
        hal.send("PATCH" if merge else "PUT", hal.url + path, pact.content)
    details = version.details()
    lost = [f"{key} {details[key]}" for key in ("branch", "buildUrl") if key in details]
    warnings = [Notice("warning", f"this broker is too old to record the {what}") for what in lost]
    return [Notice("success", f"Published {p.consumer} {version.number} - {p.provider}.") for p in pacts] + warnings
