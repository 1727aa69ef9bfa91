"""Verification of a provider as tests: one for each interaction, with a result of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pact_broker import StandInBroker

from .conftest import Suite, http_interaction

pytest_plugins = ["pytester"]
Lines = Callable[[pytest.RunResult], str]

PROVIDER = """
import json
import pytest
from pact import Verifier

asked, states, runs = [], [], []

def app(environ, start):
    asked.append(environ["PATH_INFO"])
    number = int(environ["PATH_INFO"].rpartition("/")[2])
    start("200 OK", [("Content-Type", "application/json")])
    return [json.dumps({"id": number if number < 100 else "?"}).encode()]

def state(name):
    if name == "broken state":
        raise RuntimeError("no such customer")
    states.append(name)

@pytest.fixture(scope="module")
def pact_verifier():
    runs.append("verifier")
    return Verifier("CustomerService").app(app).state_handler(state)

@pytest.mark.pact_source("pacts")
def test_contract(pact_interaction):
    pact_interaction.verify()
"""


@pytest.fixture
def provider(suite: Suite) -> Suite:
    """A provider whose customers up to 99 are as its consumers expect."""
    suite.file("test_provider.py", PROVIDER, consumer=False)
    return suite


def test_each_interaction_is_a_test_with_a_readable_name(provider: Suite, lines: Lines) -> None:
    provider.pact(http_interaction(1), http_interaction(2, providerStates=[]))
    result = provider.run("-v")
    result.assert_outcomes(passed=2)
    shown = lines(result)
    assert "::test_contract[BillingService: a request for customer 1 [customer 1 exists]] PASSED" in shown
    assert "::test_contract[BillingService: a request for customer 2] PASSED" in shown
    assert "provider CustomerService verified: 2 passed" in shown


def test_a_broken_interaction_fails_alone_with_its_report(provider: Suite, lines: Lines) -> None:
    provider.pact(http_interaction(1), http_interaction(100), http_interaction(3))
    result = provider.run()
    result.assert_outcomes(passed=2, failed=1)
    shown = lines(result)
    assert "body $.id: Expected '?' (String) to be equal to 100 (Integer)" in shown
    assert (
        "FAILED test_provider.py::test_contract[BillingService: a request for customer 100 [customer 100 exists]]"
        in shown
    )
    assert "provider CustomerService verified: 2 passed, 1 failed" in shown
    assert "pact_ffi/pytest_plugin" not in shown


def test_all_that_are_selected_are_verified_in_one_run(provider: Suite) -> None:
    provider.pact(*map(http_interaction, range(1, 13)))
    provider.file(
        "conftest.py",
        """
        from pact_ffi.pytest_plugin import provider
        runs = []

        class Run(provider.Run):
            def execute(self):
                result = super().execute()
                runs.append(len(result.interactions))
                return result

        provider.Run = Run

        def pytest_terminal_summary(terminalreporter):
            terminalreporter.write_line(f"verifications of: {runs}")
        """,
        consumer=False,
    )
    result = provider.run()
    result.assert_outcomes(passed=12)
    result.stdout.fnmatch_lines(["verifications of: [[]12]"])
    result = provider.run("-k", "customer and 1 and not 10 and not 11 and not 12")
    result.assert_outcomes(passed=1, deselected=11)
    result.stdout.fnmatch_lines(["verifications of: [[]1]"])


def test_a_pending_interaction_is_an_expected_failure(provider: Suite, lines: Lines) -> None:
    provider.pact(http_interaction(100, pending=True), http_interaction(2, pending=True))
    result = provider.run("-rx")
    result.assert_outcomes(passed=1, xfailed=1)
    assert "Pending (does not fail the run): body $.id: Expected '?'" in lines(result)
    assert "verified: 1 passed, 1 pending" in lines(result)


def test_the_exception_of_a_state_handler_is_the_failure_of_its_interaction(provider: Suite, lines: Lines) -> None:
    provider.pact(http_interaction(1), http_interaction(2, providerStates=[{"name": "broken state"}]))
    result = provider.run()
    result.assert_outcomes(passed=1, failed=1)
    assert "provider state handler 'broken state' raised RuntimeError: no such customer" in lines(result)


def test_a_test_that_forgets_to_verify_is_verified_all_the_same(provider: Suite) -> None:
    provider.file("test_provider.py", PROVIDER.replace("    pact_interaction.verify()", "    pass"), consumer=False)
    provider.pact(http_interaction(1), http_interaction(100))
    provider.run().assert_outcomes(passed=1, failed=1)


def test_messages_are_tests_too(suite: Suite) -> None:
    def message(number: int) -> dict[str, object]:
        content = {"content": {"id": number}, "contentType": "application/json", "encoded": False}
        return {"type": "Asynchronous/Messages", "description": f"event {number}", "contents": content}

    suite.pact(message(1), message(2))
    suite.file(
        "test_provider.py",
        """
        import pytest
        from pact import Verifier

        @pytest.fixture
        def pact_verifier():
            return Verifier("CustomerService").message_handler({"event 1": {"id": 1}, "event 2": {"id": 3}})

        @pytest.mark.pact_source("pacts/BillingService-CustomerService.json")
        def test_events(pact_interaction):
            assert pact_interaction.interaction.content["contents"]["content"]["id"] in (1, 2)
            pact_interaction.verify()
        """,
        consumer=False,
    )
    suite.run().assert_outcomes(passed=1, failed=1)


def test_other_parameters_multiply_the_tests(provider: Suite) -> None:
    provider.pact(http_interaction(1), http_interaction(100))
    code = PROVIDER.replace('scope="module"', 'scope="module", params=["a", "b"]')
    provider.file("test_provider.py", code.replace("pact_verifier():", "pact_verifier(request):"), consumer=False)
    provider.run().assert_outcomes(passed=2, failed=2)


def test_workers_share_the_interactions(provider: Suite, lines: Lines) -> None:
    provider.pact(*map(http_interaction, range(1, 21)), http_interaction(100))
    result = provider.run("-n", "2", plugins=("xdist.plugin",))
    result.assert_outcomes(passed=20, failed=1)
    assert "verified: 20 passed, 1 failed" in lines(result)


@pytest.mark.parametrize(
    ("marker", "message"),
    [
        ('"nowhere"', "nowhere"),
        ('"pacts", provder="Nobody"', "the marker pact_source takes provider by name, not provder"),
        ('"pacts"', "has pacts of CustomerService, OrderService: say provider= in the marker pact_source"),
        (
            '"pacts", provider="Nobody"',
            "has no interaction for provider 'Nobody'; there is CustomerService, OrderService",
        ),
    ],
)
def test_a_source_without_interactions_is_an_error(provider: Suite, lines: Lines, marker: str, message: str) -> None:
    provider.pact(http_interaction(1))
    provider.pact(http_interaction(1), provider="OrderService")
    provider.file("test_provider.py", PROVIDER.replace('"pacts"', marker), consumer=False)
    result = provider.run()
    result.assert_outcomes(errors=1)
    assert message in lines(result)


def test_the_provider_of_the_ini_file_chooses_its_pacts(provider: Suite) -> None:
    provider.pytester.makeini("[pytest]\npact_provider = CustomerService\n")
    provider.pact(http_interaction(1))
    provider.pact(http_interaction(100), provider="OrderService")
    provider.run().assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("fixture", "message"),
    [
        ("", "define a fixture pact_verifier that returns your Verifier, without verify()"),
        ("return 'http://localhost'", "the fixture pact_verifier must return a Verifier, not 'http://localhost'"),
        ("return Verifier('CustomerService')", "where is the provider? call add_transport(url=...)"),
        ("return Verifier('Other').app(app)", "it is for 'CustomerService'"),
    ],
)
def test_what_is_missing_is_named(provider: Suite, lines: Lines, fixture: str, message: str) -> None:
    provider.pact(http_interaction(1))
    head, _, tail = PROVIDER.partition('@pytest.fixture(scope="module")')
    own = f'@pytest.fixture(scope="module")\ndef pact_verifier():\n    {fixture}\n' if fixture else ""
    code = head + own + tail[tail.index("@pytest.mark.pact_source") :]
    provider.file("test_provider.py", code, consumer=False)
    result = provider.run()
    assert result.ret == 1
    assert message in lines(result)


@pytest.mark.parametrize("customer", [1, 100])
def test_pacts_of_a_broker_are_one_test_and_published_once(
    suite: Suite, lines: Lines, broker: StandInBroker, customer: int
) -> None:
    sides = {"consumer": {"name": "BillingService"}, "provider": {"name": "CustomerService"}}
    metadata = {"pactSpecification": {"version": "4.0"}}
    broker.offer({**sides, "interactions": [http_interaction(2), http_interaction(customer)], "metadata": metadata})
    source = f"broker_source({broker.url!r}, selector=True).consumer_version(main_branch=True).build()"
    chain = f".state_handler(state).{source}.set_publish_options('1.2.3', branch='main')"
    code = PROVIDER.replace('@pytest.mark.pact_source("pacts")\n', "").replace(".state_handler(state)", chain)
    suite.file("test_provider.py", code, consumer=False)
    result = suite.run("-v")
    met = customer == 1
    result.assert_outcomes(passed=met, failed=not met)
    assert len(broker.published) == 1 and broker.published[0]["success"] is met
    assert f"verified: {'2 passed' if met else '1 passed, 1 failed'}" in lines(result)
    if not met:
        assert "  in BillingService: a request for customer 100 [customer 100 exists]" in lines(result)


@pytest.mark.parametrize("scope", ["function", "module", "session"])
def test_interactions_are_verified_inside_of_their_own_fixtures(suite: Suite, scope: str) -> None:
    suite.file(
        "test_it.py",
        f"""
        import json
        import pytest
        from pact import Verifier

        rows = []
        seen = []

        @pytest.fixture(scope={scope!r})
        def database():
            rows.clear()
            yield rows
            rows.clear()  # the rollback

        @pytest.fixture(scope={scope!r})
        def pact_verifier(database):
            def app(environ, start_response):
                seen.append(list(database))
                start_response("200 OK", [("Content-Type", "application/json")])
                return [json.dumps({{"id": int(environ["PATH_INFO"].rpartition("/")[2])}}).encode()]

            return Verifier("CustomerService").app(app).state_handler(lambda state: database.append(state))

        @pytest.mark.pact_source("pacts")
        def test_it(pact_interaction):
            pact_interaction.verify()

        def test_what_was_there():
            print("rows:", max(map(len, seen)))
            assert len(seen) == 3
        """,
        consumer=False,
    )
    suite.pact(*(http_interaction(number) for number in (1, 2, 3)))
    result = suite.run("-s")
    result.assert_outcomes(passed=4)
    assert f"rows: {1 if scope == 'function' else 3}" in result.stdout.str()


@pytest.mark.parametrize(("scope", "outcomes"), [("function", {"passed": 3}), ("module", {"passed": 1, "failed": 2})])
def test_a_transaction_that_is_rolled_back_isolates_interactions(
    suite: Suite, lines: Lines, scope: str, outcomes: dict[str, int]
) -> None:
    suite.file(
        "test_it.py",
        f"""
        import json
        import pytest
        from sqlalchemy import Column, Integer, create_engine, insert
        from sqlalchemy.orm import Session, declarative_base
        from pact import Verifier

        Base = declarative_base()

        class Customer(Base):
            __tablename__ = "customers"
            id = Column(Integer, primary_key=True)

        engine = create_engine("sqlite:///:memory:")
        Base.metadata.create_all(engine)

        @pytest.fixture(scope={scope!r})
        def session():
            with Session(engine) as session:
                yield session
                session.rollback()

        @pytest.fixture(scope={scope!r})
        def pact_verifier(session):
            def app(environ, start_response):
                start_response("200 OK", [("Content-Type", "application/json")])
                return [json.dumps({{"id": session.query(Customer).one().id}}).encode()]

            def exists(state):
                session.execute(insert(Customer).values(id=7))

            return Verifier("CustomerService").app(app).state_handler(exists)

        @pytest.mark.pact_source("pacts")
        def test_it(pact_interaction):
            pact_interaction.verify()
        """,
        consumer=False,
    )
    shared = [{"name": "customer 7 exists"}]
    suite.pact(*(http_interaction(7, description=f"request {n}", providerStates=shared) for n in (1, 2, 3)))
    result = suite.run("-v")
    result.assert_outcomes(**outcomes)
    told = [line for line in lines(result).splitlines() if "raised IntegrityError" in line and "provider state" in line]
    assert bool(told) is (scope == "module")


@pytest.mark.parametrize("folder", ["a[b]", "a", "[x]"])
def test_a_folder_with_a_bracket_has_its_own_results(suite: Suite, folder: str) -> None:
    for name, number in ((folder, 1), (folder + "c", 2)):
        code = PROVIDER.replace('pact_source("pacts")', f'pact_source("{name}/pacts")')
        suite.file(f"{name}/test_provider_{number}.py", code, consumer=False)
        suite.pact(http_interaction(number))
        (suite.path / "pacts").rename(suite.path / name / "pacts")
    suite.run("--import-mode=importlib").assert_outcomes(passed=2)
