"""A broker as a source of tests: a test for each interaction, pending ones xfail, results published at the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pact_broker import StandInBroker

from .conftest import Suite, http_interaction
from .test_provider_tests import PROVIDER

pytest_plugins = ["pytester"]

Lines = Callable[[pytest.RunResult], str]
XDIST = ("xdist.plugin",)
SOURCE = '@pytest.mark.pact_source("pacts")'


def offer(broker: StandInBroker, *numbers: int, consumer: str = "BillingService", version: str = "1") -> None:
    sides = {"consumer": {"name": consumer}, "provider": {"name": "CustomerService"}}
    metadata = {"pactSpecification": {"version": "4.0"}}
    items: list[Any] = [http_interaction(number) for number in numbers]
    broker.offer({**sides, "interactions": items, "metadata": metadata}, version)


@pytest.fixture
def write(suite: Suite, broker: StandInBroker) -> Callable[..., Suite]:
    """Write a provider's test whose interactions come from the broker; 1 to 9 are met, 100 is not."""

    def written(marker: str = "", *, version: str = "1.2.3") -> Suite:
        mark = f"@pytest.mark.pact_broker({broker.url!r}, provider='CustomerService'{marker})"
        publish = f".set_publish_options({version!r}, 'http://ci/1', branch='main', tags=['dev'])" if version else ""
        code = PROVIDER.replace(SOURCE, mark).replace(".state_handler(state)", f".state_handler(state){publish}")
        assert mark in code and publish in code
        suite.file("test_provider.py", code, consumer=False)
        return suite

    return written


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_each_interaction_is_a_test_and_each_pact_published_once(
    write: Callable[..., Suite], broker: StandInBroker, lines: Lines, workers: tuple[str, ...]
) -> None:
    offer(broker, 1, 2, 100)
    offer(broker, 3, consumer="Other")
    result = write().run("-v", *workers, plugins=XDIST[: len(workers)])
    result.assert_outcomes(passed=3, failed=1)
    shown = lines(result)
    assert "BillingService: a request for customer 100" in shown
    published = {kept.consumer: kept.body for kept in broker.store.results}
    assert {name: (body["success"], len(body["testResults"])) for name, body in published.items()} == {
        "BillingService": (False, 3),
        "Other": (True, 1),
    }
    assert len(broker.published) == 2 and published["Other"]["buildUrl"] == "http://ci/1"
    assert [test["success"] for test in published["BillingService"]["testResults"]] == [True, True, False]
    assert broker.versions["CustomerService", "1.2.3"] == {"branch": "main", "tags": ["dev"]}
    assert "Pact between Other (1) and CustomerService: result published (success)" in shown
    # The pacts were fetched once, by whichever process came first.
    assert len(broker.seen("POST", "for-verification")) == 1 and len(broker.seen("GET", "/pact-version/")) == 2


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_pending_ones_are_xfail(
    write: Callable[..., Suite], broker: StandInBroker, lines: Lines, workers: tuple[str, ...]
) -> None:
    offer(broker, 1, 100)
    result = write(", include_pending=True, provider_branch='main'").run(*workers, plugins=XDIST[: len(workers)])
    result.assert_outcomes(passed=1, xfailed=1)
    assert result.ret == 0 and broker.published[0]["success"] is False
    shown = lines(result)
    assert "still in pending state for any version of CustomerService from branch 'main'" in shown
    assert "no longer in pending state" not in shown


def test_one_interaction_in_two_versions_of_a_pact(write: Callable[..., Suite], broker: StandInBroker) -> None:
    offer(broker, 1, 100)
    offer(broker, 1, 100, 2, version="2")
    marker = ", consumer_versions=[{'branch': 'main'}, {'tag': 'prod', 'latest': True}]"
    broker.store.pacts[0].version.tags.append("prod")
    result = write(marker).run()
    result.assert_outcomes(passed=3, failed=2)
    assert sorted(len(body["testResults"]) for body in broker.published) == [2, 3]


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_what_did_not_run_whole_is_not_published(
    write: Callable[..., Suite], broker: StandInBroker, lines: Lines, workers: tuple[str, ...]
) -> None:
    offer(broker, 1, 2)
    result = write().run("-k", "not (customer and 2)", *workers, plugins=XDIST[: len(workers)])
    result.assert_outcomes(passed=1, deselected=1 if not workers else 0)
    assert broker.published == [] and broker.seen("PUT") == []
    told = (
        "the result of Pact between BillingService (1) and CustomerService was not published: 1 of its 2 interactions"
    )
    assert told in lines(result)


def test_without_a_version_nothing_is_published(write: Callable[..., Suite], broker: StandInBroker) -> None:
    offer(broker, 1)
    write(version="").run().assert_outcomes(passed=1)
    assert broker.published == []


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_a_result_that_the_broker_does_not_take_fails_the_run(
    write: Callable[..., Suite], broker: StandInBroker, lines: Lines, workers: tuple[str, ...]
) -> None:
    offer(broker, 1)
    broker.answers[broker.results_path("CustomerService")] = (403, {"error": "read only"}, {})
    result = write().run(*workers, plugins=XDIST[: len(workers)])
    result.assert_outcomes(passed=1)
    assert result.ret == 1
    assert "the result of Pact between BillingService (1) and CustomerService was not published: POST" in lines(result)


@pytest.mark.parametrize(
    ("marker", "message"),
    [
        (", consumer_versions=[{'nonsense': True}]", "unknown key 'nonsense' in selector"),
        (", nonsense=True", "nonsense"),
        (", retries=0", "500 Internal Server Error: oops"),
    ],
)
def test_a_broker_in_trouble_is_an_error_of_the_collection(
    write: Callable[..., Suite], broker: StandInBroker, lines: Lines, marker: str, message: str
) -> None:
    offer(broker, 1)
    broker.answers["/"] = (500, {"error": "oops"}, {})
    result = write(marker).run()
    assert result.ret == 2
    assert message in lines(result)


def test_a_secret_is_in_no_file_that_workers_share(
    write: Callable[..., Suite], broker: StandInBroker, lines: Lines, suite: Suite
) -> None:
    broker.login = "Bearer s3cret"
    offer(broker, 1)
    spy = "import pathlib\n\ndef pytest_unconfigure(config):\n    folder = config.workerinput['pact_shared'] if "
    spy += "hasattr(config, 'workerinput') else None\n    if folder:\n        text = ''.join(p.read_text() for p in "
    spy += "pathlib.Path(folder).iterdir())\n        pathlib.Path('seen').open('a').write(text)\n"
    suite.file("conftest.py", spy, consumer=False)
    result = write(", token='s3cret'").run("-n", "1", plugins=XDIST)
    result.assert_outcomes(passed=1)
    seen = (suite.path / "seen").read_text()
    assert "a request for customer 1" in seen and "s3cret" not in seen and len(broker.published) == 1
