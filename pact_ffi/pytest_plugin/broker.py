"""A broker as a source of tests: its pacts are fetched when tests are collected, results published at the end.

Under xdist the workers share a folder: the first one that collects leaves there what it fetched, each leaves its
results, and the one that completes a pact publishes it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest

from pact_ffi.broker.hal import HalClient
from pact_ffi.broker.results import ProviderVersion
from pact_ffi.broker.selection import Delivery, FetchedPact, PactSource
from pact_ffi.broker.selectors import BrokerSelectorBuilder, separated
from pact_ffi.broker.settings import BrokerSettings, Connection
from pact_ffi.errors import BrokerError, InvalidInputError
from pact_ffi.pact_file.locking import locked
from pact_ffi.provider.publishing import test_results
from pact_ffi.provider.results import VerificationResult

_LOGIN = ("username", "password", "token", "use_env")
_NAME = "pact_ffi_broker"
_INTERRUPTED = 2


class BrokerRun:
    """The pacts and results of this process; a plugin that is there when a test has the marker ``pact_broker``."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._folder = shared_folder(config)
        self._fetched: dict[str, list[FetchedPact]] = {}
        self._results: dict[str, Any] = {}
        self.lines: list[str] = []

    def pacts(self, mark: pytest.Mark) -> list[FetchedPact]:
        """Return the pacts that a marker asks for; they are fetched once.

        Raises `BrokerError`, `PactFileError` and `InvalidInputError`.
        """
        provider = mark.kwargs.get("provider") or self._config.getini("pact_provider")
        if not provider:
            raise InvalidInputError("the provider has no name: say provider= in the marker pact_broker")
        options = {key: value for key, value in mark.kwargs.items() if key != "provider"}
        login = {key: options.pop(key) for key in _LOGIN if key in options}
        settings = BrokerSettings(mark.args[0] if mark.args else None, **login)
        reach, chosen = separated(options)
        selection = BrokerSelectorBuilder(None).chosen(**chosen)
        source = PactSource(HalClient(settings, Connection(**reach)), settings.url, selection)
        question = json.dumps([settings.url, provider, selection.question()], sort_keys=True)
        key = hashlib.sha256(question.encode()).hexdigest()[:16]
        if key not in self._fetched:
            self._fetched[key] = [
                source.read(provider, delivery) for delivery in self._deliveries(source, provider, key)
            ]
        return self._fetched[key]

    def _deliveries(self, source: PactSource, provider: str, key: str) -> list[Delivery]:
        if self._folder is None:
            return source.deliveries(provider)
        file = self._folder / f"{key}.json"
        with locked(self._folder):
            if not file.exists():
                file.write_text(json.dumps(source.deliveries(provider)), encoding="utf-8")
            return [Delivery(*item) for item in json.loads(file.read_text(encoding="utf-8"))]

    def note(self, test: str, pact: FetchedPact, index: int, result: VerificationResult, own: Any) -> None:
        """Keep what the test of one interaction found; ``own`` is the provider's version, or None."""
        tests = list(test_results(result)) or [{"success": False, "exceptions": [{"message": str(result.problems)}]}]
        version = own and {"number": own.number, "branch": own.branch, "tags": list(own.tags), "url": own.build_url}
        kept = self._results.setdefault(pact.url, {"name": pact.name, "tests": {}, "published": None})
        kept.update(version=version, total=len(pact.document.interactions))
        kept["tests"][test] = [index, {**tests[0], "success": result.success and tests[0]["success"]}]

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Publish the pacts whose interactions all ran. A result that the broker does not take fails the run."""
        if session.exitstatus == _INTERRUPTED:
            return
        problems: list[str] = []
        with self._shared() as results:
            for pacts in self._fetched.values():
                for pact in pacts:
                    kept = results.get(pact.url)
                    if kept and kept["version"] and kept["published"] is None and not missing(kept):
                        self._publish(pact, kept, problems)
        output = getattr(self._config, "workeroutput", None)
        if output is not None:
            output.setdefault("pact_unmet", []).extend(problems)
            self._leave_lines()
        elif problems:
            self.lines += problems
            session.exitstatus = 1
        if output is None:
            self.lines += unpublished(self._results)

    def _leave_lines(self) -> None:
        """Leave what a worker has to say to the process that prints."""
        if self._folder is not None and self.lines:
            with locked(self._folder), (self._folder / "lines").open("a", encoding="utf-8") as file:
                file.writelines(f"{line}\n" for line in self.lines)

    def _publish(self, pact: FetchedPact, kept: dict[str, Any], problems: list[str]) -> None:
        given = kept["version"]
        version = ProviderVersion(given["number"], given["branch"], given["tags"], given["url"])
        by_index: dict[int, dict[str, Any]] = {}
        for index, test in kept["tests"].values():
            if index not in by_index or by_index[index]["success"]:  # one failure of several runs is one
                by_index[index] = test
        tests = [by_index[index] for index in sorted(by_index)]
        success = all(test["success"] for test in tests)
        kept["published"] = False
        try:
            version.announce(pact)
            version.publish(pact, success, tests)
        except BrokerError as error:
            problems.append(f"the result of {pact.name} was not published: {error}")
        else:
            kept["published"] = True
            self.lines.append(f"{pact.name}: result published ({'success' if success else 'failure'})")
        self.lines += [f"{pact.name}: {text}" for text in pact.said_after(success, kept["published"])]

    @contextmanager
    def _shared(self) -> Iterator[dict[str, Any]]:
        """Put this process's results to those of the others, and write what became of them."""
        with locked(self._folder) if self._folder else nullcontext():
            file = self._folder and self._folder / "results.json"
            together: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file and file.exists() else {}
            for url, kept in self._results.items():
                if url in together:
                    together[url]["tests"].update(kept["tests"])
                else:
                    together[url] = kept
            yield together
            if file:
                file.write_text(json.dumps(together), encoding="utf-8")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what was published."""
        write_lines(terminalreporter, self.lines)


def broker_run(config: pytest.Config) -> BrokerRun:
    """Return the one of this process."""
    run = config.pluginmanager.get_plugin(_NAME)
    if run is None:
        run = BrokerRun(config)
        config.pluginmanager.register(run, _NAME)
    if not isinstance(run, BrokerRun):
        raise TypeError(f"another plugin is called {_NAME}")
    return run


def shared_folder(config: pytest.Config) -> Path | None:
    """Return the folder that the workers of xdist share; None without xdist."""
    given = getattr(config, "workerinput", {}).get("pact_shared")
    return Path(given) if given else None


def missing(kept: dict[str, Any]) -> int:
    """Return how many interactions of a pact had no test that ran."""
    return int(kept["total"]) - len({index for index, _ in kept["tests"].values()})


def unpublished(results: dict[str, Any]) -> list[str]:
    """Say which results were to be published and could not be, for not all interactions ran."""
    left = [(kept, missing(kept)) for kept in results.values() if kept["version"]]
    return [
        f"the result of {kept['name']} was not published: {number} of its {kept['total']} interactions did not run"
        for kept, number in left
        if number
    ]


def told(folder: Path) -> list[str]:
    """Return what the workers that shared ``folder`` said, and which pacts none of them could publish."""
    lines, results = folder / "lines", folder / "results.json"
    found = lines.read_text(encoding="utf-8").splitlines() if lines.exists() else []
    return found + (unpublished(json.loads(results.read_text(encoding="utf-8"))) if results.exists() else [])


def write_lines(reporter: pytest.TerminalReporter, lines: list[str]) -> None:
    """Write a section of the summary."""
    if lines:
        reporter.section("pact broker", sep="=", bold=True)
        for line in lines:
            reporter.write_line(line)
