from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pact_broker import StandInBroker, times

from pact_ffi.broker.client import Broker
from pact_ffi.errors import BrokerError, InvalidInputError


def test_can_i_deploy_to_an_environment_or_a_tag_follows_the_index(broker: StandInBroker) -> None:
    broker.verified("Foo", "1", True)
    broker.verified("Foo", "2", False)
    client = Broker(broker.url)
    client.record_deployment("Bar", "7", "production")
    client.create_environment("prod")
    broker.store.version("Bar", "7").tags.append("prod")
    broker.requests.clear()
    yes = client.can_i_deploy("Foo", "1", to_environment="production")
    assert yes and yes.reason == "All required verification results are published and successful"
    assert yes.matrix[0]["verificationResult"]["success"] is True
    assert str(yes.notices[0]) == yes.reason
    no = client.can_i_deploy("Foo", "2", to="prod")
    assert not no and no.unknown == 0
    asked = [(r.path, r.query) for r in broker.requests if r.path != "/"]
    assert asked == [
        ("/can-i-deploy", [("pacticipant", "Foo"), ("version", "1"), ("environment", "production")]),
        ("/can-i-deploy", [("pacticipant", "Foo"), ("version", "2"), ("to", "prod")]),
    ]


def test_the_latest_version_is_asked_of_the_matrix(broker: StandInBroker) -> None:
    broker.verified("Foo & Co", "1", True)
    broker.store.version("Foo & Co", "1").tags.append("main")
    broker.store.version("Bar", "7").tags.append("prod")
    client = Broker(broker.url)
    broker.store.put_on_branch(broker.store.version("Foo & Co", "1"), "main")
    client.record_deployment("Bar", "7", "test")
    broker.requests.clear()
    assert client.can_i_deploy("Foo & Co", latest=True, to_environment="test")
    assert client.can_i_deploy("Foo & Co", latest="main", to="prod")
    assert client.can_i_deploy("Foo & Co", "1")
    assert client.can_i_deploy("Foo & Co", branch="main")
    assert client.can_i_deploy("Foo & Co", main_branch=True)
    assert client.can_i_deploy("Foo & Co", "1", others=[("Bar", "7")])
    assert client.can_i_deploy("Foo & Co", "1", to_environment="test", ignore=["Bar", ("Bar", "6")])
    me, one, latest = ("q[][pacticipant]", "Foo & Co"), ("q[][version]", "1"), ("q[][latest]", "true")
    newest = [("latestby", "cvp"), ("latest", "true")]
    ignored = [("ignore[][pacticipant]", "Bar"), ("ignore[][pacticipant]", "Bar"), ("ignore[][version]", "6")]
    assert [request.query for request in broker.requests] == [
        [me, latest, ("environment", "test"), ("latestby", "cvpv")],
        [me, latest, ("q[][tag]", "main"), ("tag", "prod"), *newest],
        [me, one, *newest],
        [me, latest, ("q[][branch]", "main"), *newest],
        [me, latest, ("q[][mainBranch]", "true"), *newest],
        [me, one, ("q[][pacticipant]", "Bar"), ("q[][version]", "7"), ("latestby", "cvpv")],
        [me, one, *ignored, ("environment", "test"), ("latestby", "cvpv")],
    ]


def test_an_unknown_result_is_asked_for_again(broker: StandInBroker) -> None:
    broker.verified("Foo", "1", None)
    client = Broker(broker.url)
    answer = client.can_i_deploy("Foo", "1", retry_while_unknown=2, retry_interval=0.01)
    assert not answer and answer.unknown == 1 and len(broker.requests) == 3
    broker.answers["/matrix"] = later(broker)
    assert client.can_i_deploy("Foo", "1", retry_while_unknown=2, retry_interval=0.01)
    assert len(broker.requests) == 5


def later(broker: StandInBroker) -> Callable[[], None]:
    """The result comes between the first question and the second."""
    asked: list[None] = []

    def reply() -> None:
        if asked:
            broker.verified("Foo", "1", True)
        asked.append(None)

    return reply


def test_waiting_is_told_and_survives_a_broker_that_is_away(
    broker: StandInBroker, caplog: pytest.LogCaptureFixture
) -> None:
    broker.verified("Foo", "1", None)
    client = Broker(broker.url, retries=0)
    broker.answers["/matrix"] = times(1, (503, {"error": "maintenance"}, {}))
    answer = client.can_i_deploy("Foo", "1", retry_while_unknown=2, retry_interval=0.01)
    assert answer.unknown == 1 and len(broker.requests) == 3
    assert caplog.messages == [
        f"GET {broker.url}/matrix: 503 Service Unavailable: maintenance; asking again in 0.01 s (2 left)",
        "1 result is missing; asking again in 0.01 s (1 left)",
    ]
    broker.answers["/matrix"] = times(9, (400, {"errors": ["bad"]}, {}))
    with pytest.raises(BrokerError, match="400"):
        client.can_i_deploy("Foo", "1", retry_while_unknown=9, retry_interval=60)


def test_a_failure_is_not_asked_for_again(broker: StandInBroker) -> None:
    broker.verified("Foo", "1", False)
    assert not Broker(broker.url).can_i_deploy("Foo", "1", retry_while_unknown=9, retry_interval=60)
    assert len(broker.requests) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"version": "1", "latest": True},
        {"version": "1", "branch": "main"},
        {"latest": "x", "main_branch": True},
        {"version": "1", "to": "a", "to_environment": "b"},
        {"version": "1", "others": [("only one",)]},
        {"version": "1", "others": [{"name": "x"}]},
    ],
)
def test_an_unclear_question_is_refused(broker: StandInBroker, arguments: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError, match="Foo|not both|can-i-deploy needs|pair of name and version"):
        Broker(broker.url).can_i_deploy("Foo", **arguments)
    assert broker.requests == []


def test_an_answer_without_a_verdict_is_never_a_yes(broker: StandInBroker) -> None:
    for answer in ({}, {"summary": {}}, {"summary": True}):
        broker.answers["/matrix"] = (200, answer, {})
        with pytest.raises(BrokerError, match="no summary.deployable"):
            Broker(broker.url).can_i_deploy("Foo", "1")
    broker.answers["/matrix"] = (200, {"summary": {"deployable": "false"}}, {})
    assert not Broker(broker.url).can_i_deploy("Foo", "1")


def test_an_unknown_pacticipant_is_named(broker: StandInBroker) -> None:
    with pytest.raises(BrokerError, match="400 Bad Request: Pacticipant Nope not found"):
        Broker(broker.url).can_i_deploy("Nope", "1")


def test_deployments_and_releases_are_recorded_and_ended(broker: StandInBroker) -> None:
    broker.store.made("Foo", "1")
    client = Broker(broker.url)
    client.record_deployment("Foo", "1", "test")
    client.record_deployment("Foo", "1", "test", application_instance="eu")
    client.record_release("Foo", "1", "production")
    names = {item["uuid"]: item["name"] for item in broker.store.environments}
    recorded = [(item.kind, names[item.environment], item.instance) for item in broker.store.presences]
    assert recorded == [
        ("deployed-versions", "test", None),
        ("deployed-versions", "test", "eu"),
        ("released-versions", "production", None),
    ]
    with pytest.raises(BrokerError, match="Foo has no instance 'us' in test; deployed there: 'eu', one without a name"):
        client.record_undeployment("Foo", "test", application_instance="us")
    client.record_undeployment("Foo", "test", application_instance="eu")
    assert [item.current for item in broker.store.presences] == [True, False, True]
    client.record_undeployment("Foo", "test")
    with pytest.raises(BrokerError, match="nothing to record: Foo 2 is not released to production; there: 1"):
        client.record_support_ended("Foo", "2", "production")
    client.record_support_ended("Foo", "1", "production")
    assert [item.current for item in broker.store.presences] == [False, False, False]
    with pytest.raises(BrokerError, match="nothing to record: Foo is not deployed to test"):
        client.record_undeployment("Foo", "test")


def test_an_unknown_environment_lists_the_known_ones(broker: StandInBroker) -> None:
    broker.store.made("Foo", "1")
    complaint = "the broker has no environment 'moon'; it knows production, test"
    with pytest.raises(BrokerError, match=complaint):
        Broker(broker.url).record_deployment("Foo", "1", "moon")
    with pytest.raises(BrokerError, match=complaint):
        Broker(broker.url).record_undeployment("Foo", "moon")


def test_a_fresh_broker_has_no_environments_and_gets_some() -> None:
    with StandInBroker(environments=()) as broker:
        broker.store.made("Foo", "1")
        client = Broker(broker.url)
        with pytest.raises(
            BrokerError, match="no environment 'test'; it knows none; create it with create-environment"
        ):
            client.record_deployment("Foo", "1", "test")
        client.create_environment("test", display_name="The Test", production=False)
        client.record_deployment("Foo", "1", "test")
        assert broker.store.environments[0]["displayName"] == "The Test"
        with pytest.raises(BrokerError, match="400 .*name 'test' is already used"):
            client.create_environment("test")


def test_an_unknown_version_lists_the_known_ones(broker: StandInBroker) -> None:
    client = Broker(broker.url)
    with pytest.raises(BrokerError, match="the broker knows no version 9 of Foo; nor any other version of it"):
        client.record_release("Foo", "9", "test")
    for number in range(12):
        broker.store.made("Foo", str(number))
    with pytest.raises(BrokerError, match="no version 99 of Foo; it knows 11, 10, 9, .*, 2 and 2 more") as caught:
        client.record_release("Foo", "99", "test")
    assert caught.value.status == 404


def test_a_version_is_described(broker: StandInBroker) -> None:
    client = Broker(broker.url)
    broker.store.put_on_branch(broker.store.made("Foo", "1"), "main")
    broker.store.made("Foo", "1").tags.append("dev")
    client.record_deployment("Foo", "1", "test")
    described = {
        "pacticipant": "Foo",
        "version": "1",
        "branches": ["main"],
        "tags": ["dev"],
        "buildUrl": None,
        "deployed": ["test"],
        "released": [],
    }
    assert client.describe_version("Foo") == client.describe_version("Foo", "1") == described


def test_an_old_broker_says_what_it_lacks() -> None:
    with (
        StandInBroker(old=True) as broker,
        pytest.raises(BrokerError, match="no link pb:pacticipant-version; is this version"),
    ):
        Broker(broker.url).record_deployment("Foo", "1", "test")
