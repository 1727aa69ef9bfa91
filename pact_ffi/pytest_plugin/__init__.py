"""The pytest plugin: fixtures for consumers, a test for each interaction of a provider, contracts written once.

Its guide is docs/pytest.md. Nothing of the library is imported before a test uses it.
"""

from __future__ import annotations

import pytest

from pact_ffi.pytest_plugin.fixtures import (  # noqa: F401 - pytest finds fixtures by name
    consumer_pact,
    consumer_pacts,
    pact_interaction,
    pact_server,
    pact_verifier,
)
from pact_ffi.pytest_plugin.session import PactSession

_INI = {
    "pact_consumer": "the consumer's name",
    "pact_provider": "the provider's name",
    "pact_specification": "the version of the Pact specification (default: V4)",
    "pact_directory": "where pact files are written, relative to the root directory (default: pacts)",
}
_MARKERS = (
    "pact(consumer, provider, specification, directory): what the fixtures consumer_pact and pact_server are for.",
    "pact_source(*paths, provider): pact files or folders; a test with pact_interaction runs for each interaction.",
)


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


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a test for each interaction of the sources that its marker names."""
    if "pact_interaction" in metafunc.fixturenames:
        from pact_ffi.pytest_plugin.provider import parametrize

        parametrize(metafunc)
