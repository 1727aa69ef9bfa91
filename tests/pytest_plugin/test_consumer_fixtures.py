"""A consumer's tests through the fixtures: what passes is written, what is not met fails its own test."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .conftest import Suite

pytest_plugins = ["pytester"]
Lines = Callable[[pytest.RunResult], str]


def test_the_contract_of_a_passing_test_is_written_once_at_the_end(suite: Suite, lines: Lines) -> None:
    suite.file(
        "test_it.py",
        """
        import pathlib

        def test_a_customer_has_an_id(consumer_pact, pact_server):
            customer(consumer_pact, 1)
            assert get(pact_server, "/customers/1") == (200, {"id": 1})

        def test_the_file_is_not_there_while_tests_run(consumer_pact, pact_server):
            assert not pathlib.Path("pacts").exists()
            customer(consumer_pact, 2)
            get(pact_server, "/customers/2")
        """,
    )
    result = suite.run()
    result.assert_outcomes(passed=2)
    assert suite.descriptions() == ["a request for customer 1", "a request for customer 2"]
    assert suite.written()["metadata"]["pactSpecification"] == {"version": "4.0"}
    assert "pacts/billing-service-customer-service.json: 2 interactions written" in lines(result)


def test_what_is_not_met_is_the_tests_own_failure_and_is_not_written(suite: Suite, lines: Lines) -> None:
    suite.file(
        "test_it.py",
        """
        def test_good(consumer_pact, pact_server):
            customer(consumer_pact, 1)
            get(pact_server, "/customers/1")

        def test_bad(consumer_pact, pact_server):
            customer(consumer_pact, 2)
            get(pact_server, "/customer/2")
        """,
    )
    result = suite.run()
    result.assert_outcomes(passed=1, failed=1)  # and no error in a teardown
    assert suite.descriptions() == ["a request for customer 1"]
    shown = lines(result)
    assert "GET /customer/2 was not expected; nearest: " in shown
    assert "expects GET /customers/2\n" in shown
    assert "1 test without a met contract" in shown
    assert "pytest_plugin" not in shown.split("FAILURES")[1]


def test_a_test_that_fails_by_itself_shows_the_report_too(suite: Suite, lines: Lines) -> None:
    suite.file(
        "test_it.py",
        """
        def test_bad(consumer_pact, pact_server):
            customer(consumer_pact, 2)
            assert get(pact_server, "/customer/2")[0] == 200
        """,
    )
    result = suite.run()
    result.assert_outcomes(failed=1)
    assert "assert 500 == 200" in lines(result)
    assert "GET /customer/2 was not expected; nearest: " in lines(result)
    assert suite.descriptions() == []


@pytest.mark.parametrize(
    "body",
    [
        "assert False",
        "pytest.skip('not today')",
        "pytest.xfail('not yet')",
    ],
)
def test_a_met_contract_of_a_test_that_does_not_pass_is_not_written(suite: Suite, body: str) -> None:
    suite.file(
        "test_it.py",
        f"""
        def test_it(consumer_pact, pact_server):
            customer(consumer_pact, 1)
            get(pact_server, "/customers/1")
            {body}
        """,
    )
    suite.run()
    assert suite.descriptions() == []


def test_an_interaction_that_is_never_served_fails_the_test(suite: Suite, lines: Lines) -> None:
    suite.file(
        "test_it.py",
        """
        def test_unused(consumer_pact):
            customer(consumer_pact, 1)

        def test_unasked(consumer_pact, pact_server):
            customer(consumer_pact, 2)

        def test_added_after_the_server(consumer_pact):
            customer(consumer_pact, 3)
            with consumer_pact.serve() as server:
                get(server, "/customers/3")
            customer(consumer_pact, 4)

        def test_without_any(consumer_pact):
            pass
        """,
    )
    result = suite.run()
    result.assert_outcomes(failed=4)
    assert "describes no interaction, so this test checks nothing" in lines(result)
    assert lines(result).count("was never called: no mock server served it.") >= 3
    assert suite.descriptions() == []


def test_servers_of_the_tests_own_are_checked_as_ever(suite: Suite) -> None:
    suite.file(
        "test_it.py",
        """
        def test_good(consumer_pact):
            customer(consumer_pact, 1)
            with consumer_pact.serve(addr="localhost") as server:
                get(server, "/customers/1")

        def test_bad(consumer_pact):
            customer(consumer_pact, 2)
            with consumer_pact.serve():
                pass

        def test_that_a_mismatch_is_found(consumer_pact):
            customer(consumer_pact, 3)
            with consumer_pact.serve(raises=False) as server:
                get(server, "/nowhere")
            assert not server.matched
        """,
    )
    suite.run().assert_outcomes(passed=2, failed=1)
    assert suite.descriptions() == ["a request for customer 1"]


def test_the_closest_marker_wins_and_the_ini_file_has_the_rest(suite: Suite) -> None:
    suite.pytester.makeini("[pytest]\npact_provider = accounts\npact_specification = 3\npact_directory = contracts\n")
    suite.file(
        "test_it.py",
        """
        pytestmark = pytest.mark.pact(consumer="shop")

        @pytest.mark.pact(consumer="till")
        class TestTill:
            @pytest.mark.pact(specification="V4", directory="elsewhere")
            def test_special(self, consumer_pact, pact_server):
                customer(consumer_pact, 1)
                get(pact_server, "/customers/1")

            def test_usual(self, consumer_pact, pact_server):
                customer(consumer_pact, 2)
                get(pact_server, "/customers/2")

        def test_shop(consumer_pact, pact_server):
            customer(consumer_pact, 3)
            get(pact_server, "/customers/3")
        """,
    )
    suite.run().assert_outcomes(passed=3)
    assert suite.descriptions("till-accounts", "elsewhere") == ["a request for customer 1"]
    assert suite.descriptions("till-accounts", "contracts") == ["a request for customer 2"]
    assert suite.descriptions("shop-accounts", "contracts") == ["a request for customer 3"]
    assert suite.written("shop-accounts", "contracts")["metadata"]["pactSpecification"] == {"version": "3.0.0"}


def test_the_command_line_says_where_to_write(suite: Suite) -> None:
    suite.file(
        "test_it.py",
        """
        @pytest.mark.pact(directory="elsewhere")
        def test_it(consumer_pact, pact_server):
            customer(consumer_pact, 1)
            get(pact_server, "/customers/1")
        """,
    )
    suite.run("--pact-dir=out/pacts").assert_outcomes(passed=1)
    assert suite.descriptions(folder="out/pacts") == ["a request for customer 1"]


@pytest.mark.parametrize(
    ("marker", "message"),
    [
        ("", "the consumer has no name: mark the test with pact(consumer=...), or set pact_consumer in the ini file"),
        ("consumer='a'", "the provider has no name"),
        (
            "consumer='a', provider='b', version=3",
            "pact takes consumer, provider, specification and directory by name, not version",
        ),
        ("'a', 'b'", "the marker pact takes consumer, provider, specification and directory by name, not 'a', 'b'"),
        ("consumer='a', provider='b', specification='V9'", "unknown Pact specification version 'V9'"),
    ],
)
def test_a_marker_that_cannot_be_is_named(suite: Suite, lines: Lines, marker: str, message: str) -> None:
    code = f"import pytest\n@pytest.mark.pact({marker})\ndef test_it(consumer_pact): pass\n"
    suite.file("test_it.py", code, consumer=False)
    result = suite.run()
    result.assert_outcomes(errors=1)
    assert message in lines(result)


def test_a_test_may_talk_to_several_providers(suite: Suite) -> None:
    suite.file(
        "test_it.py",
        """
        def test_it(consumer_pacts):
            customers, archive = consumer_pacts(), consumer_pacts(provider="archive", specification="V3")
            customer(customers, 1)
            customer(archive, 2)
            with customers.serve() as here, archive.serve() as there:
                get(here, "/customers/1")
                get(there, "/customers/2")
        """,
    )
    suite.run().assert_outcomes(passed=1)
    assert suite.descriptions() == ["a request for customer 1"]
    assert suite.descriptions("billing-service-archive") == ["a request for customer 2"]


def test_messages_are_written_when_their_handlers_took_them(suite: Suite, lines: Lines) -> None:
    suite.file(
        "test_it.py",
        """
        def event(pact, number):
            pact.upon_receiving(f"event {number}", "Async").with_body({"id": number})

        def test_good(consumer_pact):
            event(consumer_pact, 1)
            consumer_pact.verify(lambda body, metadata: json.loads(body), "Async")

        def test_refused(consumer_pact):
            event(consumer_pact, 2)
            consumer_pact.verify(lambda body, metadata: 1 / 0, "Async")

        def test_refused_quietly(consumer_pact):
            event(consumer_pact, 3)
            assert consumer_pact.verify(lambda body, metadata: 1 / 0, "Async", raises=False)

        def test_forgotten(consumer_pact):
            event(consumer_pact, 4)
        """,
    )
    result = suite.run()
    result.assert_outcomes(passed=2, failed=2)
    assert suite.descriptions() == ["event 1"]
    assert "Interaction 'event 4' was never called: no verify(handler, 'Async') came." in lines(result)


def test_async_tests_are_checked_when_they_have_ended(suite: Suite) -> None:
    suite.file(
        "test_it.py",
        """
        import asyncio

        @pytest.fixture
        def anyio_backend():
            return "asyncio"

        async def fetch(server, number):
            await asyncio.sleep(0)
            return await asyncio.to_thread(get, server, f"/customers/{number}")

        @pytest.mark.asyncio
        async def test_asyncio(consumer_pact, pact_server):
            customer(consumer_pact, 1)
            assert await fetch(pact_server, 1) == (200, {"id": 1})

        @pytest.mark.asyncio
        async def test_asyncio_unmet(consumer_pact, pact_server):
            customer(consumer_pact, 2)
            await fetch(pact_server, 22)

        @pytest.mark.anyio
        async def test_anyio(consumer_pact, pact_server):
            customer(consumer_pact, 3)
            assert await fetch(pact_server, 3) == (200, {"id": 3})

        @pytest.mark.anyio
        async def test_anyio_unmet(consumer_pact, pact_server):
            customer(consumer_pact, 4)
            await fetch(pact_server, 44)
        """,
    )
    suite.run(plugins=("pytest_asyncio.plugin", "anyio.pytest_plugin")).assert_outcomes(passed=2, failed=2)
    assert suite.descriptions() == ["a request for customer 1", "a request for customer 3"]


def test_unittest_classes_may_use_the_fixtures(suite: Suite) -> None:
    suite.file(
        "test_it.py",
        """
        import unittest

        class TestCustomers(unittest.TestCase):
            @pytest.fixture(autouse=True)
            def _pact(self, consumer_pact, pact_server):
                self.pact, self.server = consumer_pact, pact_server

            def test_good(self):
                customer(self.pact, 1)
                self.assertEqual(get(self.server, "/customers/1")[0], 200)

            def test_bad(self):
                customer(self.pact, 2)
                self.assertEqual(get(self.server, "/customers/3")[0], 200)
        """,
    )
    suite.run().assert_outcomes(passed=1, failed=1)
    assert suite.descriptions() == ["a request for customer 1"]


def test_a_users_own_fixtures_come_first(suite: Suite) -> None:
    suite.file(
        "test_it.py",
        """
        from pact import Pact

        @pytest.fixture
        def pact():
            pact = Pact("mine", "yours")
            yield pact
            pact.write_file("own")

        @pytest.fixture
        def consumer_pact(consumer_pact):
            return consumer_pact.with_specification("V3")

        def test_their_own(pact):
            customer(pact, 1)
            with pact.serve() as server:
                get(server, "/customers/1")

        def test_changed(consumer_pact, pact_server):
            customer(consumer_pact, 2)
            get(pact_server, "/customers/2")
        """,
    )
    suite.run().assert_outcomes(passed=2)
    assert suite.descriptions("mine-yours", "own") == ["a request for customer 1"]
    assert suite.written()["metadata"]["pactSpecification"] == {"version": "3.0.0"}


def test_two_tests_that_contradict_each_other_fail_the_run(suite: Suite, lines: Lines) -> None:
    suite.file(
        "test_it.py",
        """
        @pytest.mark.parametrize("status", [200, 201])
        def test_it(consumer_pact, pact_server, status):
            consumer_pact.upon_receiving("a request").with_request("GET", "/").will_respond_with(status)
            get(pact_server, "/")
        """,
    )
    result = suite.run()
    assert result.ret == 1
    assert "two different contents for one interaction in test_it.py::test_it[201]" in lines(result)
    assert [each["response"]["status"] for each in suite.written()["interactions"]] == [200]


def test_a_file_that_is_no_pact_is_left_and_fails_the_run(suite: Suite, lines: Lines) -> None:
    suite.file("pacts/billing-service-customer-service.json", "not mine", consumer=False)
    suite.file(
        "test_it.py",
        """
        def test_it(consumer_pact, pact_server):
            customer(consumer_pact, 1)
            get(pact_server, "/customers/1")
        """,
    )
    result = suite.run()
    assert result.ret == 1
    assert "customer-service.json is not valid JSON" in lines(result)
    assert (suite.path / "pacts/billing-service-customer-service.json").read_text() == "not mine"


def test_a_fixture_that_is_asked_for_too_late_is_refused_and_not_unchecked(suite: Suite) -> None:
    suite.file(
        "test_it.py",
        """
        def test_late(request):
            pact = request.getfixturevalue("consumer_pacts")(consumer="billing", provider="accounts")
            pact.upon_receiving("never called").with_request("GET", "/").will_respond_with(200)
        """,
        consumer=False,
    )
    result = suite.run()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["this test would not be checked: let it take the pact's fixture*"])


@pytest.mark.parametrize(("option", "folder"), [([], "contracts"), (["--pact-dir", "asked"], "asked")])
def test_an_ini_file_names_the_files_of_all_classic_tests(suite: Suite, option: list[str], folder: str) -> None:
    settings = "pact_file_name = {consumer}_{provider}.json\npact_directory = contracts\npact_specification = V2\n"
    suite.pytester.makeini(f"[pytest]\n{settings}")
    suite.file(
        "test_it.py",
        """
        import http.client
        from pact import Consumer, Provider

        def test_a():
            pact = Consumer("A").has_pact_with(Provider("B"), port=0)
            pact.start_service()
            pact.upon_receiving("a").with_request("GET", "/").will_respond_with(200)
            with pact:
                client = http.client.HTTPConnection("localhost", int(pact.uri.rpartition(":")[2]))
                client.request("GET", "/")
                assert client.getresponse().read() == b""
            pact.stop_service()
        """,
        consumer=False,
    )
    suite.run(*option).assert_outcomes(passed=1)
    assert suite.written("A_B", folder)["metadata"]["pactSpecification"]["version"] == "2.0.0"
