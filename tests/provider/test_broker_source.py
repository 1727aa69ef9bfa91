"""Pacts from a broker: selection, credentials, pending, notices, publishing of results; see tests/pact_broker."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pact_broker import StandInBroker, endless, silent

from pact_ffi.errors import BrokerError, InvalidInputError, VerificationError
from pact_ffi.provider.verifier import Verifier

from .conftest import http_interaction, pact

FINE = {"id": 123, "name": "Alice"}
JSON = {"Content-Type": "application/json"}


@pytest.fixture()
def broker() -> Iterator[StandInBroker]:
    """A broker with one pact, which also is the provider."""
    with StandInBroker() as running:
        running.answers["/customers/123"] = (200, FINE, JSON)
        running.answers["/states"] = (200, {}, JSON)
        running.offer(pact(http_interaction()))
        yield running


def verifier(broker: StandInBroker) -> Verifier:
    return Verifier("CustomerService").add_transport(url=broker.url)


def answers_wrongly(broker: StandInBroker) -> None:
    broker.answers["/customers/123"] = (200, {"id": 123, "name": 5}, JSON)


def test_what_the_broker_selects_is_verified(broker: StandInBroker) -> None:
    source = verifier(broker).broker_source(broker.url, token="tok", selector=True)
    source.consumer_version(main_branch=True).consumer_versions('{"tag": "prod", "latest": true}', {"branch": "x"})
    done = source.provider_branch("main").include_pending().include_wip_since("2026-01-31").build().verify()
    [asked] = broker.seen("POST", "for-verification")
    assert asked.body == {
        "consumerVersionSelectors": [{"mainBranch": True}, {"tag": "prod", "latest": True}, {"branch": "x"}],
        "includePendingStatus": True,
        "includeWipPactsSince": "2026-01-31",
        "providerVersionBranch": "main",
    }
    assert {request.headers.get("authorization") for request in broker.requests if "pact" in request.path} == {
        "Bearer tok"
    }
    assert done.result is not None and [str(item) for item in done.result.interactions] == [
        "BillingService: a request for customer 123"
    ]
    assert "tok" not in repr(vars(done)["_settings"])


def test_credentials_may_be_in_the_url_or_the_environment(
    broker: StandInBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    verifier(broker).broker_source(broker.url.replace("//", "//me:pw@")).verify()
    assert broker.requests[0].headers["authorization"] == "Basic bWU6cHc="
    broker.requests.clear()
    monkeypatch.setenv("PACT_BROKER_BASE_URL", broker.url)
    monkeypatch.setenv("PACT_BROKER_TOKEN", "from-env")
    verifier(broker).broker_source().verify()
    assert broker.requests[0].headers["authorization"] == "Bearer from-env"
    with pytest.raises(InvalidInputError, match="PACT_BROKER_BASE_URL"):
        verifier(broker).broker_source(use_env=False)


def test_results_are_published_with_a_test_for_each_interaction(broker: StandInBroker) -> None:
    broker.store.pacts.clear()
    wrong = http_interaction("wrong", response={"status": 404, "body": {"content": {"id": 1}, "encoded": False}})
    offered = broker.offer(pact(http_interaction("fine"), wrong))
    with pytest.raises(VerificationError):
        verifier(broker).broker_source(broker.url).set_publish_options(
            "1.2", "http://ci/1", branch="main", tags=["dev"]
        ).verify()
    [result] = broker.published
    fine, failed = [item["_id"] for item in offered.with_ids()["interactions"]]
    assert (result["success"], result["providerApplicationVersion"], result["buildUrl"]) == (
        False,
        "1.2",
        "http://ci/1",
    )
    assert result["verifiedBy"]["implementation"] == "pact-ffi" and result["verifiedBy"]["version"]
    assert result["testResults"] == [
        {"interactionId": fine, "success": True},
        {
            "interactionId": failed,
            "success": False,
            "mismatches": [
                {"attribute": "status", "description": "expected 404 but was 200"},
                {
                    "attribute": "body",
                    "identifier": "$.id",
                    "description": "Expected 123 (Integer) to be equal to 1 (Integer)",
                },
            ],
        },
    ]
    assert broker.versions["CustomerService", "1.2"] == {"branch": "main", "tags": ["dev"]}
    puts, post = broker.seen("PUT"), broker.seen("POST", "verification-results")[0]
    assert all(broker.requests.index(put) < broker.requests.index(post) for put in puts) and len(puts) == 2


def test_a_handler_that_raises_is_published_as_an_exception(broker: StandInBroker) -> None:
    def broken(state: str) -> None:
        raise LookupError("no database")

    broker.store.pacts.clear()
    broker.offer(pact(http_interaction(providerStates=[{"name": "it exists"}])))
    with pytest.raises(VerificationError, match="no database"):
        verifier(broker).broker_source(broker.url).set_publish_options("1").state_handler(broken).verify()
    [test] = broker.published[0]["testResults"]
    told = "provider state handler 'it exists' raised LookupError: no database"
    assert (test["success"], test["exceptions"]) == (False, [{"message": told}])


REFUSED: dict[str, Callable[[StandInBroker], object]] = {
    "the results": lambda broker: broker.results_path("CustomerService"),
    "the branch": lambda broker: "/pacticipants/CustomerService/branches/main/versions/1.2",
    "the tag": lambda broker: "/pacticipants/CustomerService/versions/1.2/tags/dev",
    "the provider": lambda broker: "/pacticipants/CustomerService",
}


@pytest.mark.parametrize("what", REFUSED)
@pytest.mark.parametrize(
    "answer", [(400, {"errors": {"x": ["is bad"]}}, {}), (500, "<h1>Oops</h1>", {}), (403, "", {})]
)
def test_results_that_the_broker_does_not_take_are_a_failure(broker: StandInBroker, what: str, answer: Any) -> None:
    broker.answers[str(REFUSED[what](broker))] = answer
    begin = time.monotonic()
    with pytest.raises(VerificationError, match=f"the result of Pact between .* was not published: .*{answer[0]}"):
        verifier(broker).broker_source(broker.url).set_publish_options("1.2", branch="main", tags=["dev"]).verify()
    assert broker.published == [] and time.monotonic() - begin < 3


def test_a_broker_that_never_answers_the_results_is_given_up(broker: StandInBroker) -> None:
    broker.offer(pact(http_interaction(), consumer="Other"))
    for number in range(2):
        broker.answers[broker.results_path("CustomerService", number)] = silent()
    begin = time.monotonic()
    with pytest.raises(VerificationError, match="was not published: POST .*no complete answer within 0.3 seconds"):
        verifier(broker).broker_source(broker.url, timeout=0.3).set_publish_options("1.2").verify()
    assert time.monotonic() - begin < 3 and len(broker.seen("POST", "verification-results")) == 1


# What was not verified whole is not published, whatever the reason.


def told(done: Verifier) -> list[str]:
    assert done.result is not None
    return done.result.notes


def test_nothing_is_published_with_a_filter(broker: StandInBroker, caplog: pytest.LogCaptureFixture) -> None:
    source = verifier(broker).broker_source(broker.url).set_publish_options("1.2", branch="main")
    done = source.filter("a request for").verify()
    said = "no result was published: only description 'a request for' was verified"
    assert broker.published == [] and broker.seen("PUT") == [] and told(done) == [said]
    assert said in caplog.messages
    with pytest.raises(VerificationError, match="nothing was verified: no interaction matches description 'nonsense'"):
        source.filter("nonsense").verify()
    assert broker.published == []


def test_nothing_is_published_after_the_time_limit(broker: StandInBroker) -> None:
    def slow(state: str) -> None:
        time.sleep(5)  # interrupted

    broker.offer(pact(http_interaction(providerStates=[{"name": "slow"}]), consumer="Other"))
    source = verifier(broker).broker_source(broker.url).state_handler(slow).set_time_limit(1)
    with pytest.raises(VerificationError, match="time limit"):
        source.set_publish_options("1.2").verify()
    [said] = told(source)
    ended = "the verification was ended at its time limit of 1 seconds, in the provider state handler"
    assert said == f"no result was published: {ended}"
    time.sleep(0.3)
    assert broker.published == []


def test_nothing_is_published_after_ctrl_c(broker: StandInBroker) -> None:
    def stopped(state: str) -> None:
        raise KeyboardInterrupt

    broker.store.pacts.clear()
    broker.offer(pact(http_interaction(providerStates=[{"name": "it exists"}])))
    with pytest.raises(KeyboardInterrupt):
        verifier(broker).broker_source(broker.url).state_handler(stopped).set_publish_options("1.2").verify()
    time.sleep(0.2)
    assert broker.published == []


def test_a_pact_without_interactions_is_not_published(broker: StandInBroker) -> None:
    broker.store.pacts.clear()
    broker.offer(pact())
    source = verifier(broker).broker_source(broker.url).set_publish_options("1.2")
    with pytest.raises(VerificationError, match="nothing was verified"):
        source.verify()
    source.set_error_on_empty_pact(enabled=False).verify()
    assert broker.published == []
    assert told(source) == [
        "the result of Pact between BillingService (1) and CustomerService was not published: it has no interactions"
    ]


def test_consumers_that_were_filtered_out_are_not_published(broker: StandInBroker) -> None:
    broker.offer(pact(http_interaction(), consumer="Other"))
    verifier(broker).broker_source(broker.url).filter_consumers("Other").set_publish_options("1.2").verify()
    [result] = broker.store.results
    assert result.consumer == "Other"


# Pending pacts and notices.


def test_a_pending_pact_does_not_fail_and_its_notices_are_those_that_are_true(broker: StandInBroker) -> None:
    answers_wrongly(broker)
    source = verifier(broker).broker_source(broker.url, selector=True).include_pending().provider_branch("main").build()
    done = source.verify()
    assert done.result is not None
    [item] = done.result.interactions
    assert (item.outcome, item.pending, done.result.success) == ("pending", True, True)
    about = "Pact between BillingService (1) and CustomerService: This pact is "
    still = (
        "still in pending state for any version of CustomerService from branch 'main' as a successful verification "
        "result has not yet been published"
    )
    assert [text for text in done.result.notices if "still" in text] == [about + still]
    done = source.set_publish_options("1", branch="main").verify()
    assert broker.published[0]["success"] is False
    broker.answers["/customers/123"] = (200, FINE, JSON)
    done = source.verify()
    assert done.result is not None and done.result.interactions[0].outcome == "passed"
    [last] = [text for text in done.result.notices if "pending state" in text and "If this verification" not in text]
    assert last.startswith(f"{about}no longer in pending state")
    answers_wrongly(broker)  # it was met once: now its failures count
    with pytest.raises(VerificationError, match="failed: 1 of 1 interaction"):
        source.verify()


def test_notices_are_told_for_each_pact(broker: StandInBroker, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "pact.verifier")
    broker.offer(pact(http_interaction(), consumer="Other"))
    done = verifier(broker).broker_source(broker.url).verify()
    assert done.result is not None
    assert [text.partition(" is being")[0] for text in done.result.notices] == [
        f"Pact between {name} (1) and CustomerService: The pact at {broker.href(*broker.place(offered))}"
        for name, offered in zip(("BillingService", "Other"), broker.store.pacts, strict=True)
    ]
    assert set(done.result.notices) <= set(caplog.messages)


def test_work_in_progress_is_pending(broker: StandInBroker) -> None:
    broker.offer(pact(http_interaction(response={"status": 418}), consumer="BillingService"), "2", "feature")
    source = verifier(broker).broker_source(broker.url, selector=True).consumer_version(main_branch=True)
    source.include_pending().include_wip_since("2020-01-01").provider_branch("main")
    done = source.build().verify()
    assert done.result is not None
    assert [item.outcome for item in done.result.interactions] == ["passed", "pending"]


def test_the_providers_branch_and_tags_are_those_of_the_publication_unless_said(broker: StandInBroker) -> None:
    source = verifier(broker).broker_source(broker.url, selector=True).consumer_version(matching_branch=True)
    source.build().set_publish_options("1", branch="main", tags=["dev"]).verify()
    asked = broker.seen("POST", "for-verification")[0].body
    assert (asked["providerVersionBranch"], asked["providerVersionTags"]) == ("main", ["dev"])


# Pacts by their URL.


def test_a_webhook_names_one_pact(broker: StandInBroker, monkeypatch: pytest.MonkeyPatch) -> None:
    [offered] = broker.store.pacts
    url = broker.pact_url(offered)
    monkeypatch.setenv("PACT_URL", url)
    monkeypatch.setenv("PACT_BROKER_TOKEN", "from-env")
    verifier(broker).webhook_source().set_publish_options("1.2").verify()
    asked = [request for request in broker.requests if "/pacts/" in request.path]
    assert [(r.method, r.headers["authorization"]) for r in asked] == [
        ("GET", "Bearer from-env"),
        ("POST", "Bearer from-env"),
    ]
    assert asked[0].path == url.removeprefix(broker.url) and broker.published[0]["success"] is True


def test_results_of_a_pact_that_is_not_a_brokers_cannot_be_published(broker: StandInBroker) -> None:
    broker.answers["/some.json"] = (200, pact(http_interaction()), {})
    source = verifier(broker).add_source(broker.url + "/some.json?a=b").set_publish_options("1.2")
    with pytest.raises(VerificationError, match="/some.json was not published: .*it is not a broker's pact"):
        source.verify()
    assert broker.requests[0].query == [("a", "b")]


def test_a_pact_of_another_provider_is_refused_before_anything_runs(broker: StandInBroker) -> None:
    [offered] = broker.store.pacts
    other = Verifier("Other").add_transport(url=broker.url).add_source(broker.pact_url(offered))
    with pytest.raises(VerificationError, match="no pact for provider 'Other' in http.*; it is for 'CustomerService'"):
        other.set_publish_options("1.2").verify()
    assert broker.published == [] and broker.seen("GET", "/customers") == []


def test_a_pact_that_is_not_one_is_named_with_its_place(broker: StandInBroker) -> None:
    [offered] = broker.store.pacts
    del offered.content["interactions"][0]["request"]
    with pytest.raises(
        VerificationError, match="pact file http:.*interactions.0. .a request for customer 123.: request is m"
    ):
        verifier(broker).broker_source(broker.url).set_publish_options("1.2").verify()
    assert broker.published == []


def test_a_provider_without_pacts(broker: StandInBroker) -> None:
    nobody = Verifier("Nobody").add_transport(url=broker.url).broker_source(broker.url)
    with pytest.raises(VerificationError, match="nothing was verified: the broker has no pact for provider 'Nobody'"):
        nobody.verify()
    assert nobody.set_error_on_empty_pact(enabled=False).verify().result is not None


# Brokers in trouble.


def test_a_broker_that_does_not_answer_is_named() -> None:
    here = Verifier("p").add_transport(url="http://127.0.0.1:1")
    with pytest.raises(BrokerError, match="GET http://127.0.0.1:1/p.json: Connection refused"):
        here.add_source("http://127.0.0.1:1/p.json").verify()


TROUBLES: dict[str, Any] = {
    "500": (500, {"error": "oops"}, {}),
    "503": (503, {"error": "maintenance"}, {}),
    "502 page": (502, "<html><body>Bad Gateway</body></html>", {}),
    "429": (429, "", {}),
    "a list": (200, [1], {}),
    "text": (200, "hello", {}),
    "links that are text": (200, {"_links": "x", "_embedded": {"pacts": "x"}}, {}),
    "links without href": (200, {"_links": {"self": 5, "pb:provider-pacts-for-verification": 5}, "_embedded": 1}, {}),
    "a link that is not a URL": (
        200,
        {
            "_links": {"self": {"href": "http://[::1"}, "pb:provider-pacts-for-verification": {"href": "http://[::1"}},
            "_embedded": {"pacts": [{"_links": {"self": {"href": "http://[::1"}}}]},
        },
        {},
    ),
    "nested deeply": (200, b'{"_links": ' + b"[" * 900 + b"]" * 900 + b"}", {}),
    "nested without end": (200, b'{"_links": ' + b"[" * 100_000, {}),
    "not JSON": (200, b'{"a": NaN}', {}),
    "never": silent(),
    "endless": endless(),
}


PLACES = [(trouble, where) for trouble in TROUBLES for where in ("index", "selection", "pact")]
# The links of a pact matter when its result is published.
PLACES = [(trouble, where) for trouble, where in PLACES if where != "pact" or "link" not in trouble]


@pytest.mark.parametrize(("trouble", "where"), PLACES)
def test_every_fault_of_a_broker_ends_soon_as_a_broker_error(broker: StandInBroker, where: str, trouble: str) -> None:
    paths = {
        "index": "/",
        "selection": "/pacts/provider/CustomerService/for-verification",
        "pact": broker.results_path("CustomerService").removesuffix("/verification-results"),
    }
    broker.answers[paths[where]] = TROUBLES[trouble]
    begin = time.monotonic()
    with pytest.raises(BrokerError) as caught:
        verifier(broker).broker_source(broker.url, timeout=1).set_publish_options("1").verify()
    assert time.monotonic() - begin < 3
    assert broker.url in str(caught.value) and broker.published == []


def test_what_is_not_a_broker_is_said(broker: StandInBroker) -> None:
    with pytest.raises(BrokerError, match="/nowhere: 404"):
        verifier(broker).broker_source(broker.url + "/nowhere").verify()
    with pytest.raises(BrokerError, match="not with a Pact Broker's index: is this its base URL"):
        verifier(broker).broker_source(broker.url + "/states").verify()


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


def test_selectors_may_be_keywords(broker: StandInBroker) -> None:
    """They are chosen as by the builder's methods, and the question is the same."""
    done = verifier(broker).broker_source(
        broker.url,
        consumer_versions=[{"mainBranch": True}],
        provider_branch="main",
        provider_tags=["dev"],
        consumer_tags=["prod"],
        include_pending=True,
        include_wip_since="2026-01-31",
    )
    assert done.verify() is done
    assert broker.seen("POST", "for-verification")[0].body == {
        "consumerVersionSelectors": [{"mainBranch": True}, {"tag": "prod", "latest": True}],
        "includePendingStatus": True,
        "includeWipPactsSince": "2026-01-31",
        "providerVersionBranch": "main",
        "providerVersionTags": ["dev"],
    }


def test_the_classic_verifier_tells_the_state_url_the_consumer(broker: StandInBroker) -> None:
    from pact_ffi.classic.verifier import Verifier as Classic

    broker.store.pacts[0].content["interactions"][0]["providerStates"] = [{"name": "it exists"}]
    code, logs = Classic("CustomerService", broker.url).verify_with_broker(
        broker_url=broker.url,
        broker_token="tok",
        consumer_version_selectors=[{"mainBranch": True}],
        provider_states_setup_url=broker.url + "/states",
        publish_version="1.2",
        publish_verification_results=True,
    )
    assert code == 0, logs
    [told] = [request.body for request in broker.requests if request.path == "/states"]
    assert (told["consumer"], told["state"]) == ("BillingService", "it exists")
    assert broker.published[0]["success"] is True


@pytest.mark.parametrize("option", ["consumer_versions", "consumer_tags", "provider_tags"])
@pytest.mark.parametrize("given", [5, None, [5], [None], [""], ["a", b"b"]])
def test_a_selection_that_is_no_list_of_texts_is_refused(broker: StandInBroker, option: str, given: Any) -> None:
    with pytest.raises(InvalidInputError, match="must be"):
        verifier(broker).broker_source(broker.url, **{option: given})


def test_the_classic_message_provider_verifies_what_the_broker_has(broker: StandInBroker) -> None:
    from pact_ffi.classic.message_provider import MessageProvider

    asked = {"description": "created", "contents": {"id": 5}, "providerStates": [{"name": "new"}]}
    asked["metaData"] = {"contentType": "application/json", "topic": "not returned by the function"}
    broker.store.pacts[0].content = {
        **pact(),
        "messages": [asked],
        "metadata": {"pactSpecification": {"version": "3.0.0"}},
    }
    del broker.store.pacts[0].content["interactions"]
    provider = MessageProvider({"new": {"id": 5}}, "CustomerService", "BillingService")
    provider.verify_with_broker(broker_url=broker.url, consumer_version_selectors=[{"latest": True}])
    with pytest.raises(VerificationError, match="id"):
        MessageProvider({"new": {"id": 6}}, "CustomerService", "BillingService").verify_with_broker(
            broker_url=broker.url
        )


def test_the_classic_verifier_asks_the_broker_for_what_it_was_told(broker: StandInBroker) -> None:
    from pact_ffi.classic.verifier import Verifier as Classic

    broker.store.pacts[0].version.tags.append("prod")
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
    [request] = broker.seen("POST")
    assert request.headers["authorization"] == "Basic bWU6cHc="
    assert request.body == {
        "consumerVersionSelectors": [{"tag": "prod", "latest": True}],
        "includePendingStatus": True,
        "includeWipPactsSince": "2026-01-31",
        "providerVersionBranch": "main",
        "providerVersionTags": ["dev"],
    }
