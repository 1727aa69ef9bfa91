"""The pytest plugin: fixtures for consumers, a test for each interaction of a provider, contracts written once.

Its guide is docs/pytest.md. Nothing of the library is imported before a test uses it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pact_ffi.pytest_plugin.session import PactSession, parts_of

if TYPE_CHECKING:
    from pact_ffi.consumer.server import PactServer
    from pact_ffi.pytest_plugin.consumer import TestedPact
    from pact_ffi.pytest_plugin.provider import Check

_INI = {
    "pact_consumer": "the consumer's name",
    "pact_provider": "the provider's name",
    "pact_specification": "the version of the Pact specification (default: V4)",
    "pact_file_name": "the file name of classic pacts, with {consumer} and {provider} (default: kebab case)",
    "pact_directory": "where pact files are written, relative to the root directory (default: pacts)",
}
_MARKERS = (
    "pact(consumer, provider, specification, directory): what the fixtures consumer_pact and pact_server are for.",
    "pact_source(*paths, provider): pact files or folders; a test with pact_interaction runs for each interaction.",
    "pact_broker(url, provider, ...): the same with the pacts of a broker; it takes what Verifier.broker_source takes.",
)


_SHARED = pytest.StashKey[str]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options and ini settings."""
    group = parser.getgroup("pact", "contract tests")
    group.addoption("--pact-dir", metavar="DIR", help="write pact files into DIR, whatever markers and ini say")
    group.addoption("--pact-report", metavar="FILE", help="write an HTML report of all contracts into FILE")
    for name, text in _INI.items():
        parser.addini(name, text)


def pytest_configure(config: pytest.Config) -> None:
    """Describe the markers and begin to watch the run."""
    for marker in _MARKERS:
        config.addinivalue_line("markers", marker)
    config.pluginmanager.register(PactSession(config), "pact_ffi_session")
    _tell_classic_pacts(config)


def _tell_classic_pacts(config: pytest.Config) -> None:
    """Pass the project's settings to pacts of the classic API, which read them from the environment."""
    directory = config.getoption("pact_dir") or config.getini("pact_directory")
    settings = {
        "DIRECTORY": directory and str(Path(config.rootpath, directory)),
        "FILE_NAME": config.getini("pact_file_name"),
        "SPECIFICATION": config.getini("pact_specification"),
    }
    environment = pytest.MonkeyPatch()
    config.add_cleanup(environment.undo)
    for name, value in settings.items():
        asked = name == "DIRECTORY" and config.getoption("pact_dir")
        if value and (asked or f"PACT_FFI_{name}" not in os.environ):
            environment.setenv(f"PACT_FFI_{name}", value)
    if shared := getattr(config, "workerinput", {}).get("pact_shared"):
        environment.setenv("PACT_FFI_WORKER", f"{os.getpid()} {shared}")  # what one worker writes, the others know


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Give the workers of xdist a folder to share, for the pacts of a broker and their results."""
    config = node.config
    if _SHARED not in config.stash:
        import shutil
        import tempfile

        config.stash[_SHARED] = tempfile.mkdtemp(prefix="pact-")
        config.add_cleanup(lambda: shutil.rmtree(config.stash[_SHARED], ignore_errors=True))
    node.workerinput["pact_shared"] = config.stash[_SHARED]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what the workers of xdist published, and what not."""
    if _SHARED in config.stash:
        from pact_ffi.pytest_plugin.broker import told, write_lines

        write_lines(terminalreporter, told(Path(config.stash[_SHARED])))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a test for each interaction of the sources that its marker names."""
    if "pact_interaction" in metafunc.fixturenames:
        from pact_ffi.pytest_plugin.provider import parametrize

        parametrize(metafunc)


@pytest.fixture
def consumer_pacts(request: pytest.FixtureRequest) -> Callable[..., TestedPact]:
    """``consumer_pacts(provider=...)`` returns a pact, for tests that talk to several providers.

    It takes what the marker ``pact`` takes, and what is not given comes from the marker or the ini file. A pact whose
    test passes and whose interactions were all met is written at the end of the session.
    """
    from pact_ffi.pytest_plugin.consumer import tested_pact

    parts = parts_of(request)

    def between(**settings: Any) -> TestedPact:
        pact = tested_pact(request.node, settings)
        parts.append(pact)
        request.addfinalizer(pact.close)
        return pact

    return between


@pytest.fixture
def consumer_pact(consumer_pacts: Callable[..., TestedPact]) -> TestedPact:
    """A `Pact` between the consumer and the provider of the marker ``pact`` or the ini file."""
    return consumer_pacts()


@pytest.fixture
def pact_server(consumer_pact: TestedPact) -> PactServer:
    """The mock server of `consumer_pact`: it starts when its address is first asked for.

    It is checked at the end of the test, which fails with the report when the pact was not met.
    """
    return consumer_pact.serve_on_demand()


@pytest.fixture
def pact_verifier() -> Any:
    """The `Verifier` of `pact_interaction`; a fixture of yours with this name returns it."""
    pytest.fail("define a fixture pact_verifier that returns your Verifier, without verify()", pytrace=False)


@pytest.fixture
def pact_interaction(request: pytest.FixtureRequest, pact_verifier: Any) -> Check:
    """One interaction of the sources in the marker ``pact_source``; ``verify()`` passes or fails the test.

    Without the marker, it stands for everything in the verifier's own sources, for example in a broker.
    """
    from pact_ffi.pytest_plugin.provider import Check

    check = Check(request, pact_verifier)
    parts_of(request).append(check)
    return check
