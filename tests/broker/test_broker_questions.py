from __future__ import annotations

import pytest
from standin import StandInBroker

from pact_ffi.broker.client import Broker
from pact_ffi.errors import BrokerError, InvalidInputError


def test_can_i_deploy_to_an_environment_or_a_tag_follows_the_index(broker: StandInBroker) -> None:
    broker.results = {("Foo", "1"): True, ("Foo", "2"): False}
    client = Broker(broker.url)
    yes = client.can_i_deploy("Foo", "1", to_environment="production")
    assert yes and yes.reason == "All required verification results are published and successful"
    assert yes.matrix[0]["verificationResult"] == {"success": True}
    assert str(yes.notices[0]) == yes.reason
    no = client.can_i_deploy("Foo", "2", to="prod")
    assert not no and no.unknown == 0
    asked = [(r.path, r.query) for r in broker.requests if r.path != "/"]
    assert asked == [
        ("/can-i-deploy", {"pacticipant": ["Foo"], "version": ["1"], "environment": ["production"]}),
        ("/can-i-deploy", {"pacticipant": ["Foo"], "version": ["2"], "to": ["prod"]}),
    ]


def test_the_latest_version_is_asked_of_the_matrix(broker: StandInBroker) -> None:
    broker.results = {("Foo & Co", "1"): True}
    client = Broker(broker.url)
    assert client.can_i_deploy("Foo & Co", latest=True, to_environment="test")
    assert client.can_i_deploy("Foo & Co", latest="main", to="prod")
    assert client.can_i_deploy("Foo & Co", "1")
    me = {"q[][pacticipant]": ["Foo & Co"]}
    newest = {"latestby": ["cvp"], "latest": ["true"]}
    assert [request.query for request in broker.requests] == [
        {**me, "q[][latest]": ["true"], "environment": ["test"], "latestby": ["cvpv"]},
        {**me, "q[][latest]": ["true"], "q[][tag]": ["main"], "tag": ["prod"], **newest},
        {**me, "q[][version]": ["1"], **newest},
    ]


def test_an_unknown_result_is_asked_for_again(broker: StandInBroker) -> None:
    broker.results = {("Foo", "1"): None}
    client = Broker(broker.url)
    answer = client.can_i_deploy("Foo", "1", retry_while_unknown=2, retry_interval=0.01)
    assert not answer and answer.unknown == 1 and len(broker.requests) == 3
    broker.later = [(("Foo", "1"), True)]
    assert client.can_i_deploy("Foo", "1", retry_while_unknown=2, retry_interval=0.01)
    assert len(broker.requests) == 5


def test_a_failure_is_not_asked_for_again(broker: StandInBroker) -> None:
    broker.results = {("Foo", "1"): False}
    assert not Broker(broker.url).can_i_deploy("Foo", "1", retry_while_unknown=9, retry_interval=60)
    assert len(broker.requests) == 1


def test_an_unclear_question_is_refused(broker: StandInBroker) -> None:
    client = Broker(broker.url)
    for arguments in ({}, {"version": "1", "latest": True}, {"version": "1", "to": "a", "to_environment": "b"}):
        with pytest.raises(InvalidInputError, match="one each"):
            client.can_i_deploy("Foo", **arguments)


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
    broker.versions["Foo", "1"] = {}
    client = Broker(broker.url)
    client.record_deployment("Foo", "1", "test")
    client.record_deployment("Foo", "1", "test", application_instance="eu")
    client.record_release("Foo", "1", "production")
    recorded = [(d["kind"], d["environment"], d["applicationInstance"]) for d in broker.deployed]
    assert recorded == [
        ("deployed-versions", "e-1", None),
        ("deployed-versions", "e-1", "eu"),
        ("released-versions", "e-2", None),
    ]
    client.record_undeployment("Foo", "test", application_instance="eu")
    assert [d["current"] for d in broker.deployed] == [True, False, True]
    client.record_undeployment("Foo", "test")
    client.record_support_ended("Foo", "1", "production")
    assert [d["current"] for d in broker.deployed] == [False, False, False]
    with pytest.raises(BrokerError, match="nothing to record: Foo is not deployed to test"):
        client.record_undeployment("Foo", "test")


def test_an_unknown_environment_lists_the_known_ones(broker: StandInBroker) -> None:
    broker.versions["Foo", "1"] = {}
    complaint = "the broker has no environment 'moon'; it knows production, test"
    with pytest.raises(BrokerError, match=complaint):
        Broker(broker.url).record_deployment("Foo", "1", "moon")
    with pytest.raises(BrokerError, match=complaint):
        Broker(broker.url).record_undeployment("Foo", "moon")


def test_an_unknown_version_is_a_404(broker: StandInBroker) -> None:
    with pytest.raises(BrokerError, match="/pacticipants/Foo/versions/9: 404 Not Found"):
        Broker(broker.url).record_release("Foo", "9", "test")


def test_an_old_broker_says_what_it_lacks() -> None:
    with StandInBroker(old=True) as broker, pytest.raises(BrokerError, match="offers no pb:pacticipant-version"):
        Broker(broker.url).record_deployment("Foo", "1", "test")
