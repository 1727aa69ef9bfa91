"""The fixtures; what they need of the library is imported when a test uses them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pact_ffi.consumer.server import PactServer
    from pact_ffi.pytest_plugin.consumer import TestedPact
    from pact_ffi.pytest_plugin.provider import Check


@pytest.fixture
def consumer_pacts(request: pytest.FixtureRequest) -> Iterator[Callable[..., TestedPact]]:
    """``consumer_pacts(provider=...)`` returns a pact, for tests that talk to several providers.

    It takes what the marker ``pact`` takes, and what is not given comes from the marker or the ini file. A pact whose
    test passes and whose interactions were all met is written at the end of the session.
    """
    from pact_ffi.pytest_plugin.consumer import tested_pact
    from pact_ffi.pytest_plugin.watcher import parts_of

    parts, made = parts_of(request.node), []

    def between(**settings: Any) -> TestedPact:
        made.append(tested_pact(request.node, settings))
        parts.append(made[-1])
        return made[-1]

    yield between
    for pact in made:
        parts.remove(pact)
        pact.close()


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
def pact_interaction(request: pytest.FixtureRequest, pact_verifier: Any) -> Iterator[Check]:
    """One interaction of the sources in the marker ``pact_source``; ``verify()`` passes or fails the test.

    Without the marker, it stands for everything in the verifier's own sources, for example in a broker.
    """
    from pact_ffi.pytest_plugin.provider import Check
    from pact_ffi.pytest_plugin.watcher import parts_of

    parts, part = parts_of(request.node), Check(request.node, getattr(request, "param", None), pact_verifier)
    parts.append(part)
    yield part
    parts.remove(part)
