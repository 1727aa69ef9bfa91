"""Pacts from a broker: selection, credentials, publishing of results; the broker is a stand-in of its HAL interface."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pact_ffi.errors import BrokerError, InvalidInputError, VerificationError
from pact_ffi.provider.verifier import Verifier

from .conftest import pact
from .standin import PACT, Broker, running_broker


@pytest.fixture()
def broker() -> Iterator[Broker]:
    with running_broker() as found:
        yield found


def verifier(broker: Broker) -> Verifier:
    return Verifier("CustomerService").add_transport(url=broker.url)


def test_what_the_broker_selects_is_verified(broker: Broker) -> None:
    source = verifier(broker).broker_source(broker.url, token="tok", selector=True)
    source.consumer_version(main_branch=True).consumer_versions('{"tag": "prod", "latest": true}', {"branch": "x"})
    done = source.provider_branch("main").include_pending().include_wip_since("2026-01-31").build().verify()
    [(*_, asked, authorization)] = [seen for seen in broker.seen if seen[0] == "POST"]
    assert asked["consumerVersionSelectors"] == [
        {"mainBranch": True},
        {"latest": True, "tag": "prod"},
        {"branch": "x"},
    ]
    assert (asked["providerVersionBranch"], asked["includePendingStatus"]) == ("main", True)
    assert asked["includeWipPactsSince"].startswith("2026-01-31")
    assert authorization == "Bearer tok"
    assert done.result is not None and "tok" not in repr(vars(done)["_settings"])


def test_credentials_may_be_in_the_url_or_the_environment(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    verifier(broker).broker_source(broker.url.replace("//", "//me:pw@")).verify()
    assert broker.seen[0][3] == "Basic bWU6cHc="
    broker.seen.clear()
    monkeypatch.setenv("PACT_BROKER_BASE_URL", broker.url)
    monkeypatch.setenv("PACT_BROKER_TOKEN", "from-env")
    verifier(broker).broker_source().verify()
    assert broker.seen[0][3] == "Bearer from-env"
    with pytest.raises(InvalidInputError, match="PACT_BROKER_BASE_URL"):
        verifier(broker).broker_source(use_env=False)


def test_results_are_published(broker: Broker) -> None:
    verifier(broker).broker_source(broker.url).set_publish_options("1.2", branch="main", tags=["dev"]).verify()
    [published] = [body for method, path, body, _ in broker.seen if path.endswith("verification-results")]
    assert published["success"] is True and published["providerApplicationVersion"] == "1.2"
    assert {path for method, path, *_ in broker.seen if method == "PUT"} == {
        "/pacticipants/CustomerService/versions/1.2/tags/dev",
        "/pacticipants/CustomerService/branches/main/versions/1.2",
    }


def test_results_that_cannot_be_published_are_a_failure(broker: Broker) -> None:
    broker.publish_status = 400
    with pytest.raises(VerificationError, match="(?i)publish"):
        verifier(broker).broker_source(broker.url).set_publish_options("1.2").verify()


def test_a_pending_pact_does_not_fail(broker: Broker) -> None:
    broker.pending, broker.customer = True, {}
    done = verifier(broker).broker_source(broker.url, selector=True).include_pending().build().verify()
    assert done.result is not None and done.result.interactions[0].outcome == "pending"


def test_a_webhook_names_one_pact(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACT_URL", broker.url + PACT)
    monkeypatch.setenv("PACT_BROKER_TOKEN", "from-env")
    verifier(broker).webhook_source().set_publish_options("1.2").verify()
    assert [(path, authorization) for _, path, _, authorization in broker.seen if path.startswith(PACT)] == [
        (PACT, "Bearer from-env"),
        (PACT, "Bearer from-env"),
        (PACT + "/verification-results", "Bearer from-env"),
    ]


def test_a_broker_that_does_not_answer_is_named() -> None:
    here = Verifier("p").add_transport(url="http://127.0.0.1:1")
    with pytest.raises(BrokerError, match="GET http://127.0.0.1:1/p.json: Connection refused"):
        here.add_source("http://127.0.0.1:1/p.json").verify()


@pytest.mark.parametrize("asks", [lambda v, url: v.broker_source(url), lambda v, url: v.add_source(url + PACT)])
def test_a_broker_that_is_out_of_order_is_asked_once(broker: Broker, asks: Callable[[Verifier, str], Verifier]) -> None:
    broker.down = True
    begin = time.monotonic()
    with pytest.raises(BrokerError, match="503 Service Unavailable: maintenance"):
        asks(verifier(broker), broker.url).verify()
    assert len(broker.seen) == 1 and time.monotonic() - begin < 1


def test_what_is_no_broker_is_said(broker: Broker) -> None:
    with pytest.raises(BrokerError, match="/nowhere: 404"):
        verifier(broker).broker_source(broker.url + "/nowhere").verify()
    with pytest.raises(BrokerError, match="not with a Pact Broker's index: is this its base URL"):
        verifier(broker).broker_source(broker.url + "/states").verify()


def test_a_pact_of_another_provider_by_url_is_a_failure(broker: Broker) -> None:
    with pytest.raises(VerificationError, match="pacts of provider 'CustomerService' came, and this verifier is 'Oth"):
        Verifier("Other").add_transport(url=broker.url).add_source(broker.url + PACT).verify()


@pytest.mark.parametrize(
    "selector",
    ["nonsense", "[]", {}, {"mainbranch": True}, {"mainBranch": "yes"}, {"tag": ""}, {"fallbackTag": "x"}],
)
def test_impossible_selectors_are_refused(selector: Any) -> None:
    builder = Verifier("p").broker_source("http://127.0.0.1:1", selector=True)
    with pytest.raises(InvalidInputError, match="selector"):
        builder.consumer_versions(selector)


@pytest.mark.parametrize(
    "call",
    [
        lambda b: b.consumer_tags("a").provider_tags("b").exclude_pending().exclude_wip(),
        lambda b: b.consumer_version(consumer="c", tag="t", fallback_tag="f", latest=True),
        lambda b: b.consumer_version(deployed_or_released=True, environment="prod"),
        lambda b: b.consumer_version(branch="b", fallback_branch="main"),
        lambda b: b.consumer_version(matching_branch=True),
        lambda b: b.consumer_version(deployed=True).consumer_version(released=True),
    ],
)
def test_the_builder_returns_itself_until_build(call: Callable[[Any], Any]) -> None:
    start = Verifier("p")
    builder = start.broker_source("http://127.0.0.1:1", selector=True)
    assert call(builder) is builder and builder.build() is start


def test_the_classic_verifier_tells_the_state_url_the_consumer(broker: Broker) -> None:
    from pact_ffi.classic.verifier import Verifier as Classic

    broker.given = [{"name": "it exists"}]
    code, logs = Classic("CustomerService", broker.url).verify_with_broker(
        broker_url=broker.url,
        broker_token="tok",
        consumer_version_selectors=[{"mainBranch": True}],
        provider_states_setup_url=broker.url + "/states",
        publish_version="1.2",
        publish_verification_results=True,
    )
    assert code == 0, logs
    [told] = [body for _, path, body, _ in broker.seen if path == "/states"]
    assert (told["consumer"], told["state"]) == ("BillingService", "it exists")


def test_the_classic_message_provider_verifies_what_the_broker_has(broker: Broker) -> None:
    from pact_ffi.classic.message_provider import MessageProvider

    asked = {"description": "created", "contents": {"id": 5}, "providerStates": [{"name": "new"}]}
    broker.described = {
        **pact(),
        "messages": [asked],
        "metadata": {"pactSpecification": {"version": "3.0.0"}},
    }
    del broker.described["interactions"]
    provider = MessageProvider({"new": {"id": 5}}, "CustomerService", "BillingService")
    provider.verify_with_broker(broker_url=broker.url, consumer_version_selectors=[{"latest": True}])
    with pytest.raises(VerificationError, match="id"):
        MessageProvider({"new": {"id": 6}}, "CustomerService", "BillingService").verify_with_broker(
            broker_url=broker.url
        )


def test_the_classic_verifier_asks_the_broker_for_what_it_was_told(broker: Broker) -> None:
    from pact_ffi.classic.verifier import Verifier as Classic

    code, logs = Classic("CustomerService", broker.url).verify_with_broker(
        broker_url=broker.url,
        broker_username="me",
        broker_password="pw",
        enable_pending=True,
        include_wip_pacts_since="2026-01-31",
        consumer_tags=["prod"],
        provider_tags=["dev"],
        provider_version_branch="main",
    )
    assert code == 0, logs
    [(*_, asked, authorization)] = [seen for seen in broker.seen if seen[0] == "POST"]
    assert authorization == "Basic bWU6cHc="
    assert asked["includePendingStatus"] is True and asked["includeWipPactsSince"].startswith("2026-01-31")
    assert (asked["providerVersionBranch"], asked["providerVersionTags"]) == ("main", ["dev"])
    assert asked["consumerVersionSelectors"] == [{"latest": True, "tag": "prod"}]
