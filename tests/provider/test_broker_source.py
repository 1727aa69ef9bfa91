"""Pacts from a broker: selection, credentials, publishing of results; the broker is a stand-in of its HAL interface."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from pact_ffi.errors import BrokerError, InvalidInputError, VerificationError
from pact_ffi.provider.verifier import Verifier

from .conftest import http_interaction, pact

PACT = "/pacts/provider/CustomerService/consumer/BillingService/pact-version/abc"
SELECT = "/pacts/provider/CustomerService/for-verification"


class Broker:
    """A broker with one pact, which also is the provider; `publish_status` answers published results."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.publish_status = 201
        self.customer: Any = {"id": 123, "name": "Alice"}
        self.pending = False
        self.down = False
        self.given: list[Any] = []
        self.described: dict[str, Any] | None = None
        self.seen: list[tuple[str, str, Any, str | None]] = []

    def answer(self, method: str, path: str) -> tuple[int, Any]:
        url = self.url
        if self.down:
            return 503, {"error": "maintenance"}
        results = {"href": f"{url}{PACT}/verification-results"}
        described = {
            **(self.described or pact(http_interaction(providerStates=self.given))),
            "_links": {"self": {"href": url + PACT}},
        }
        described["_links"]["pb:publish-verification-results"] = results
        found = {"verificationProperties": {"pending": self.pending}, "_links": {"self": {"href": url + PACT}}}
        found["shortDescription"] = "latest"
        found["verificationProperties"]["notices"] = [{"when": "before_verification", "text": "chosen by branch"}]
        provider = f"{url}/pacticipants/CustomerService"
        described["_links"]["pb:provider"] = {"href": provider}
        templated = {
            "pb:provider-pacts-for-verification": f"{url}/pacts/provider/{{provider}}/for-verification",
            "pb:latest-provider-pacts": f"{url}/pacts/provider/{{provider}}/latest",
            "pb:pacticipant-version": f"{url}/pacticipants/{{pacticipant}}/versions/{{version}}",
            "pb:pacticipant": f"{url}/pacticipants/{{pacticipant}}",
        }
        answers = {
            "/": {"_links": {name: {"href": href, "templated": True} for name, href in templated.items()}},
            SELECT: {"_embedded": {"pacts": [found]}, "_links": {"self": {"href": url + SELECT}}},
            "/pacts/provider/CustomerService/latest": {"_links": {"pb:pacts": [{"name": "BillingService"}]}},
            PACT: described,
            "/pacticipants/CustomerService": {
                "_links": {
                    "pb:version-tag": {"href": provider + "/versions/{version}/tags/{tag}", "templated": True},
                    "pb:branch-version": {
                        "href": provider + "/branches/{branch}/versions/{version}",
                        "templated": True,
                    },
                }
            },
            "/states": {},
            "/customers/123": self.customer,
        }
        if path == results["href"].removeprefix(url):
            return self.publish_status, {}
        if path in answers:
            return 200, answers[path]
        return (200, {}) if method == "PUT" else (404, {})


@pytest.fixture()
def broker() -> Iterator[Broker]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def log_message(self, *_: Any) -> None:
            pass

        def go(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            authorization = self.headers.get("Authorization")
            found.seen.append((self.command, self.path, json.loads(body or "null"), authorization))
            status, content = found.answer(self.command, self.path)
            data = json.dumps(content).encode()
            self.send_response(status)
            kind = "application/json" if self.path.startswith("/customers") else "application/hal+json"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = go

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        found = Broker(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield found
        server.shutdown()
        thread.join()


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
