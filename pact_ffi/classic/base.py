"""What the pacts of both classic APIs, HTTP and messages, have in common."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from pact_ffi.classic.options import read_option
from pact_ffi.classic.parties import Party, Provider
from pact_ffi.consumer.contract import Contract
from pact_ffi.consumer.interaction import Interaction
from pact_ffi.core.specification import PactSpecification
from pact_ffi.errors import InvalidInputError, PactWarning
from pact_ffi.pact_file.reading import similar_files

_MODES = ("overwrite", "merge", "never")
_written_here: dict[Path, set[str]] = {}  # the interactions that this process wrote, by file


class Broker:
    """Publishes pacts to a Pact Broker, in the classic API's words; `pact_ffi.Broker` can do more.

    Args:
        broker_base_url: The broker's address (or ``PACT_BROKER_BASE_URL``).
        broker_username: Its user (or ``PACT_BROKER_USERNAME``).
        broker_password: The user's password (or ``PACT_BROKER_PASSWORD``).
        broker_token: A token instead (or ``PACT_BROKER_TOKEN``).
    """

    broker_base_url: str | None
    broker_username: str | None
    broker_password: str | None
    broker_token: str | None
    pact_dir: str = "."

    def __init__(
        self,
        broker_base_url: str | None = None,
        broker_username: str | None = None,
        broker_password: str | None = None,
        broker_token: str | None = None,
    ) -> None:
        self.broker_base_url = broker_base_url
        self.broker_username = broker_username
        self.broker_password = broker_password
        self.broker_token = broker_token

    def publish(
        self,
        consumer_name: str,
        version: str,
        pact_dir: str | None = None,
        tag_with_git_branch: bool | None = None,
        consumer_tags: Sequence[str] | str | None = None,
        branch: str | None = None,
        build_url: str | None = None,
        auto_detect_version_properties: bool | None = None,
    ) -> None:
        """Publish the pacts of ``consumer_name`` in ``pact_dir``; raises `BrokerError`.

        Args:
            consumer_name: Whose pacts.
            version: Its version.
            pact_dir: The folder; that of this pact by default, of a `Broker` the current one.
            tag_with_git_branch: Tag the version with the branch of the git checkout.
            consumer_tags: Further tags.
            branch: The version's branch.
            build_url: The address of the build.
            auto_detect_version_properties: Take what is missing from git or the CI system.
        """
        from pact_ffi.broker.client import Broker as Client

        broker = Client(self.broker_base_url, self.broker_username, self.broker_password, self.broker_token)
        broker.publish(
            pact_dir or self.pact_dir,
            consumer=consumer_name,
            version=version,
            branch=branch,
            tags=consumer_tags or (),
            build_url=build_url,
            detect=bool(auto_detect_version_properties),
            tag_with_branch=bool(tag_with_git_branch),
        )


class BasePact(Broker):
    """What `Pact` and `MessagePact` do with their options and their file; each is a dataclass of its options."""

    consumer: Party
    provider: Provider
    publish_to_broker: bool
    pact_dir: str
    file_write_mode: str
    file_name: str

    @property
    def path(self) -> Path:
        """The pact file: the one that the folder has for this pair already, however it spells the names."""
        path = Path(self.pact_dir, self.file_name)
        if self._named:
            return path
        older = [file for file in similar_files(path) if file != path]
        if len(older) == 1 and not path.exists():
            return older[0]
        if older:
            names = ", ".join(file.name for file in older)
            text = f"{path.parent} has several files of one pair: {path.name} is kept up, {names} is not"
            warnings.warn(f"{text}. Remove what is out of date.", PactWarning, stacklevel=2)
        return path

    def _begin(self, version: str | None) -> None:
        """Read the options and make the contract; messages call the version of the specification otherwise."""
        for option in fields(self):  # type: ignore[arg-type]
            if option.name not in ("consumer", "provider"):
                setattr(self, option.name, read_option(option.name, getattr(self, option.name), option.default))
        self.pact_dir = str(Path(self.pact_dir or _project("DIRECTORY") or "pacts").absolute())
        pattern = self.file_name or _project("FILE_NAME")
        self._named = bool(pattern)
        self.file_name = _file_name(self.consumer.name, self.provider.name, pattern)
        if self.file_write_mode not in _MODES:
            modes = " or ".join(map(repr, _MODES))
            raise InvalidInputError(f"file_write_mode must be {modes}, not {self.file_write_mode!r}")
        specification = PactSpecification.parse(version or _project("SPECIFICATION") or "V4")
        self._contract = Contract(self.consumer.name, self.provider.name, specification)
        self._written = False

    def _write(self, interactions: Sequence[Interaction]) -> bool:
        """Add ``interactions`` to the file as its mode says; returns whether there was something to write."""
        if not interactions or self.file_write_mode == "never":
            return False
        overwrite = self.file_write_mode == "overwrite" and not self._written
        path, titles = self.path, {each.title for each in interactions}
        before = _written_here.get(path, set())
        if overwrite and before - titles:
            lost = ", ".join(map(repr, sorted(before - titles)[:3]))
            more = f" and {len(before - titles) - 3} more" if len(before - titles) > 3 else ""
            text = f"{path}: what this run wrote before is replaced: {lost}{more}"
            warnings.warn(f"{text}. file_write_mode is 'overwrite'; 'merge' keeps it.", PactWarning, stacklevel=3)
        self._contract.write(path, overwrite=overwrite, interactions=interactions)
        _written_here[path] = titles if overwrite else before | titles
        self._written = True
        return True

    def _publish(self) -> None:
        """Publish with what the consumer was made with."""
        owner = self.consumer
        self.publish(
            owner.name,
            owner.version,
            tag_with_git_branch=owner.tag_with_git_branch,
            consumer_tags=owner.tags,
            branch=owner.branch,
            build_url=owner.build_url,
            auto_detect_version_properties=owner.auto_detect_version_properties,
        )


def _project(setting: str) -> str | None:
    """Return the project's setting; the pytest plugin puts there what the ini file says."""
    return os.environ.get(f"PACT_FFI_{setting}")


def _file_name(consumer: str, provider: str, pattern: str | None) -> str:
    """Return the pact file's name: kebab case, or ``pattern`` with ``{consumer}`` and ``{provider}`` filled in."""
    if not pattern:
        return f"{_kebab(consumer)}-{_kebab(provider)}.json"
    try:
        name = pattern.format(consumer=consumer, provider=provider)
    except (AttributeError, LookupError, ValueError) as error:
        raise InvalidInputError(
            f"invalid file_name {pattern!r}: only {{consumer}} and {{provider}} may stand in braces ({error!r})"
        ) from None
    if re.search(r"[/\\\x00-\x1f\x7f]", name) or name in ("", ".", ".."):
        raise InvalidInputError(f"invalid file_name {pattern!r}: {name!r} must be the name of a file in pact_dir")
    return name


def _kebab(name: str) -> str:
    """Return ``name`` in kebab case: ``BillingService`` and ``billing service`` become ``billing-service``."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", name)
    return re.sub(r"[\s_-]+", "-", words).strip("-").lower()
