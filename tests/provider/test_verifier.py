"""Verification of an HTTP provider: what passes, what fails, and what a person sees."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pact_ffi.errors import InvalidInputError, PactFileError, PactWarning, UsageError, VerificationError
from pact_ffi.provider.verifier import Verifier
from pact_ffi.reporting.mismatches import BodyMismatch, StatusMismatch

from .conftest import Provider, http_interaction, pact

ALICE = {"id": 123, "name": "Alice"}
Write = Callable[..., Path]


def verifier(provider: Provider, source: Path) -> Verifier:
    return Verifier("CustomerService").add_transport(url=provider.url).add_source(source)


def failure(verifier: Verifier) -> str:
    with pytest.raises(VerificationError) as caught:
        verifier.verify()
    return str(caught.value)


def test_a_provider_that_keeps_its_pact_passes(provider: Provider, write: Write) -> None:
    provider.answers["GET", "/customers/123"] = (200, ALICE)
    state = [{"name": "customer 123 exists"}]
    done = verifier(provider, write(pact(http_interaction(providerStates=state)))).verify()
    assert done.result is not None
    [interaction] = done.result.interactions
    assert (interaction.consumer, interaction.description) == ("BillingService", "a request for customer 123")
    assert (interaction.states, interaction.outcome) == (["customer 123 exists"], "passed")
    assert 0 <= interaction.duration < 5
    assert done.results["result"] is True
    assert "a request for customer 123" in done.output(strip_ansi=True)


def test_before_verify_there_are_no_results() -> None:
    fresh = Verifier("CustomerService")
    assert (fresh.result, fresh.results, fresh.logs, fresh.output()) == (None, {}, "", "")
    assert str(fresh) == "Verifier(CustomerService)"
    assert repr(fresh).startswith("<Verifier: CustomerService, handle=VerifierHandle(0x")


def test_differences_are_objects_and_a_readable_report(provider: Provider, write: Write) -> None:
    provider.answers["GET", "/customers/123"] = (201, {"id": 123, "name": "Bob"})
    broken = verifier(provider, write(pact(http_interaction(), http_interaction("another"))))
    assert failure(broken) == (
        "status: expected 200 but was 201\n"
        "  in BillingService: a request for customer 123\n"
        "  body $.name: Expected 'Bob' (String) to be equal to 'Alice' (String)\n"
        '    - expected: "Alice"\n'
        '    + received: "Bob"\n'
        "\n"
        "status: expected 200 but was 201\n"
        "  in BillingService: another\n"
        "  body $.name: Expected 'Bob' (String) to be equal to 'Alice' (String)\n"
        '    - expected: "Alice"\n'
        '    + received: "Bob"\n'
        "\n"
        "Verification of provider 'CustomerService' failed: 2 of 2 interactions"
    )
    assert broken.result is not None
    kinds = {type(mismatch) for mismatch in broken.result.failed[0].mismatches}
    assert kinds == {StatusMismatch, BodyMismatch}
    types = {found["type"] for found in broken.results["errors"][0]["mismatch"]["mismatches"]}
    assert types == {"StatusMismatch", "BodyMismatch"}


def test_a_pending_interaction_is_told_but_does_not_fail(provider: Provider, write: Write) -> None:
    done = verifier(provider, write(pact(http_interaction(pending=True)))).verify()
    assert done.result is not None and done.result.interactions[0].outcome == "pending"
    assert done.results["pendingErrors"]


def test_a_provider_that_does_not_answer_is_named(write: Write) -> None:
    dead = (
        Verifier("CustomerService").add_transport(url="http://127.0.0.1:1").add_source(write(pact(http_interaction())))
    )
    assert "no answer from the provider at http://127.0.0.1:1/customers/123: is it running" in failure(dead)


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ("{", "is not valid JSON"),
        ("[]", "the document must be an object"),
        ('{"consumer": {}}', "consumer.name is missing"),
        (pact(5), "interactions[0] must be an object, not 5"),
        ({**pact(), "interactions": "x"}, "interactions must be a list"),
        (pact({"description": "x", "type": "Synchronous/HTTP"}), "interactions[0] 'x': request is missing"),
        (pact(http_interaction(response={"status": "abc"})), "customer 123': response.status must be a whole number"),
        (pact(http_interaction(providerStates=["x"])), "customer 123': providerStates[0] must be an object"),
        (pact(http_interaction(type="x")), "customer 123': type must be one of"),
        (json.dumps(pact(http_interaction())).replace("123,", "NaN,"), "NaN is not a JSON value"),
        (json.dumps(pact(http_interaction())).replace("123,", "1e999,"), "1e999 is not a JSON value"),
        ("[" * 100_000, "is not valid JSON"),
    ],
)
def test_a_malformed_pact_is_refused_with_file_and_place(
    provider: Provider, write: Write, document: Any, place: str
) -> None:
    path = write(document)
    text = failure(verifier(provider, path))
    assert str(path) in text and place in text
    assert provider.requests == []


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ({"page": 5}, "page=5"),
        ({"full": None}, "full="),
        ({"full": [True, "x"]}, "full=true&full=x"),
        ("full", "full="),
    ],
)
def test_a_query_of_other_types_is_asked_as_it_is_written(
    provider: Provider, write: Write, query: Any, asked: str
) -> None:
    item = http_interaction(request={"method": "GET", "path": "/customers/123", "query": query})
    failure(verifier(provider, write(pact(item))))
    assert [target for _, target, *_ in provider.requests] == [f"/customers/123?{asked}"]


def test_nothing_verified_is_a_failure_that_says_why(provider: Provider, write: Write) -> None:
    full, empty = write(pact(http_interaction())), write(pact(), "empty.json")
    assert "there is no pact" in failure(Verifier("CustomerService").add_transport(url=provider.url))
    assert "the pacts have no interactions" in failure(verifier(provider, empty))
    assert "no interaction matches description 'x'" in failure(verifier(provider, full).filter("x"))
    assert "state 'y'" in failure(verifier(provider, full).filter(state="y"))
    assert "consumers 'Z'" in failure(verifier(provider, full).filter_consumers("Z"))
    verifier(provider, empty).set_error_on_empty_pact(enabled=False).verify()


def test_a_file_that_is_named_outright_is_verified_whatever_its_provider_is_called(
    provider: Provider, write: Write
) -> None:
    path = write(pact(http_interaction(), provider="Other"))
    with pytest.warns(PactWarning, match="for provider 'CustomerService', and pact file .*pact.json is for 'Other'"):
        assert "expected 200" in failure(verifier(provider, path))
    provider.answers["GET", "/customers/123"] = (200, ALICE)
    with pytest.warns(PactWarning):
        verifier(provider, path).verify()


def test_a_folder_gives_the_pacts_of_this_provider_and_nothing_else(provider: Provider, write: Write) -> None:
    provider.answers["GET", "/customers/123"] = (200, ALICE)
    folder = write(pact(http_interaction()), "pacts/a.json").parent
    write(pact(http_interaction(), provider="Other"), "pacts/b.json")
    write({"name": "no pact"}, "pacts/package.json")
    write("text", "pacts/note.txt")
    write(pact(http_interaction("deep")), "pacts/deep/c.json")
    flat, deep = verifier(provider, folder).verify(), Verifier("CustomerService").add_transport(url=provider.url)
    deep.add_source(folder, recursive=True).verify()
    assert flat.result is not None and deep.result is not None
    assert [item.description for item in flat.result.interactions] == ["a request for customer 123"]
    assert {item.description for item in deep.result.interactions} == {"a request for customer 123", "deep"}
    write('{"half', "pacts/z.json")
    assert "z.json is not valid JSON" in failure(verifier(provider, folder))


def test_missing_and_empty_sources_are_errors(provider: Provider, tmp_path: Path, write: Write) -> None:
    with pytest.raises(PactFileError, match="no pact file or folder .*missing"):
        verifier(provider, tmp_path / "missing")
    assert "no pact file in folder" in failure(verifier(provider, tmp_path))
    write(pact(http_interaction(), provider="Other"), "o.json")
    assert "no pact for provider 'CustomerService' in folder" in failure(verifier(provider, tmp_path))


def test_a_long_pact_gives_the_results_of_its_pieces_as_one(provider: Provider, write: Write) -> None:
    provider.answers["GET", "/customers/123"] = (200, ALICE)
    odd = http_interaction("odd", response={"status": 404})
    done = verifier(provider, write(pact(*(http_interaction(f"number {n}") for n in range(25)), odd)))
    assert "failed: 1 of 26 interactions" in failure(done)
    assert done.result is not None
    assert [item.description for item in done.result.interactions] == [*(f"number {n}" for n in range(25)), "odd"]


def test_v2_and_v3_pacts_with_rules_are_verified(provider: Provider, write: Write) -> None:
    provider.answers["GET", "/customers/123"] = (200, {"id": 7, "name": "Bob"})
    response = {"status": 200, "body": ALICE, "matchingRules": {"$.body.name": {"match": "type"}}}
    interaction = {**http_interaction(), "response": response, "providerState": "it exists"}
    del interaction["type"]
    document = {**pact(interaction), "metadata": {"pactSpecification": {"version": "2.0.0"}}}
    text = failure(verifier(provider, write(document)))
    assert "[it exists]" in text and "body $.id" in text and "$.name" not in text


def test_filters_headers_and_base_path_reach_the_core(provider: Provider, write: Write) -> None:
    provider.answers["GET", "/base/customers/123"] = (200, ALICE)
    chosen = Verifier("CustomerService").add_transport(url=f"{provider.url}/base")
    chosen.add_source(write(pact(http_interaction(), http_interaction("other")))).filter("^other$")
    done = chosen.add_custom_header("X-Token", "secret").add_custom_headers({"X-More": "1"}).verify()
    assert done.result is not None and [item.description for item in done.result.interactions] == ["other"]
    assert provider.requests[0][2]["x-token"] == "secret"
    assert "secret" not in repr(done._settings)


def test_a_request_filter_changes_each_request(provider: Provider, write: Write) -> None:
    provider.answers["GET", "/v2/customers/123"] = (200, ALICE)

    def sign(request: Any) -> None:
        request.headers["Authorization"] = f"Bearer {len(provider.requests)}"
        request.target = "/v2" + request.target

    verifier(provider, write(pact(http_interaction(), http_interaction("b")))).request_filter(sign).verify()
    assert [request[2]["Authorization"] for request in provider.requests] == ["Bearer 0", "Bearer 1"]


def test_a_request_filter_that_raises_is_the_failure(provider: Provider, write: Write) -> None:
    def sign(request: Any) -> None:
        raise LookupError("no token")

    text = failure(verifier(provider, write(pact(http_interaction()))).request_filter(sign))
    assert "raised LookupError: no token" in text and "in sign" in text


@pytest.mark.parametrize(
    ("regex", "reason"),
    [
        ("(?=x)a", "look-around, including look-ahead and look-behind, is not supported"),
        (r"(a)\1", "backreferences are not supported"),
        (r"a\Z", "unrecognized escape sequence"),
        ("(?P<n>b)(?P=n)", "unrecognized flag"),
        ("a)", "unopened group"),
        ("*", "repetition operator missing expression"),
    ],
)
def test_a_filter_that_is_no_regex_of_the_core_is_refused(regex: str, reason: str) -> None:
    for call in (Verifier("p").filter, lambda text: Verifier("p").filter(state=text)):
        with pytest.raises(InvalidInputError) as caught:
            call(regex)
        assert str(caught.value) == f"the filter {regex!r} is not a regular expression: {reason}"


@pytest.mark.parametrize("regex", ["", "^a$", "a.b", r"\d+/[^/]", r"\p{L}", "(?x) a # b", "é|ü", r"\x00", "a{1,999}"])
def test_filters_that_the_core_understands_are_taken(regex: str) -> None:
    Verifier("p").filter(regex)


def test_a_regex_of_somebody_else_that_backtracks_without_end_is_named(provider: Provider, write: Write) -> None:
    provider.answers["GET", "/customers/123"] = (200, {"id": 123, "name": "a" * 40 + "!"})
    rules = {"body": {"$.name": {"combine": "AND", "matchers": [{"match": "regex", "regex": "(a+)+$"}]}}}
    response = {**http_interaction()["response"], "matchingRules": rules}
    path = write(
        pact(http_interaction("kept", response={"status": 200}), http_interaction("endless", response=response))
    )
    text = failure(verifier(provider, path))
    assert "the core failed: Onig: Regex match error" in text
    named = f"pact file {path}: 'endless', response.matchingRules.body.$.name: the regex '(a+)+$' cannot be matched"
    assert named in text and "'kept'" not in text


def test_a_regex_that_backtracks_on_other_texts_only_is_no_failure(provider: Provider, write: Write) -> None:
    provider.answers["GET", "/customers/123"] = (200, {"id": 123, "name": "aaa"})
    rules = {"body": {"$.name": {"combine": "AND", "matchers": [{"match": "regex", "regex": "(a+)+$"}]}}}
    response = {**http_interaction()["response"], "matchingRules": rules}
    verifier(provider, write(pact(http_interaction(response=response)))).verify()


@pytest.mark.parametrize(
    "call",
    [
        lambda v: v.filter("("),
        lambda v: v.add_transport(url="nonsense"),
        lambda v: v.add_transport(url="http://127.0.0.1:99999"),
        lambda v: v.add_transport(protocol="http", port=0),
        lambda v: v.add_transport(),
        lambda v: v.add_transport(url="http://a:1").add_transport(url="http://b:1"),
        lambda v: v.add_custom_header("a b", "c"),
        lambda v: v.add_custom_header("a", "c\r\nd"),
        lambda v: v.set_request_timeout(0),
        lambda v: v.set_time_limit(-1),
        lambda v: v.set_publish_options(""),
        lambda v: v.state_handler("nonsense"),
        lambda v: v.state_handler("http://localhost/states"),
        lambda v: v.state_handler({"a": 1}),
        lambda v: v.state_handler(lambda a, b, c, d: None),
        lambda v: v.message_handler(5),
        lambda v: v.app("nonsense"),
        lambda v: v.request_filter("nonsense"),
        lambda v: Verifier(""),
    ],
)
def test_impossible_input_is_refused_where_it_enters(call: Callable[[Verifier], object]) -> None:
    with pytest.raises(InvalidInputError):
        call(Verifier("CustomerService"))


def test_without_a_provider_there_is_a_usage_error(write: Write) -> None:
    with pytest.raises(UsageError, match="where is the provider"):
        Verifier("CustomerService").add_source(write(pact(http_interaction()))).verify()


def test_localhost_and_127_0_0_1_are_one_host(provider: Provider, write: Write) -> None:
    port = int(provider.url.rpartition(":")[2])
    provider.answers["GET", "/customers/123"] = (200, ALICE)
    both = Verifier("CustomerService").add_transport(url=f"http://127.0.0.1:{port}")
    both.add_transport(protocol="message", port=port, path="/messages").add_source(
        write(pact(http_interaction()))
    ).verify()


def test_proxies_do_not_get_in_the_way_of_loopback(
    provider: Provider, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.answers["GET", "/customers/123"] = (200, ALICE)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "example.org")
    verifier(provider, write(pact(http_interaction()))).state_handler(lambda state: None).verify()
    assert os.environ["NO_PROXY"] == "example.org"


def test_the_core_prints_nothing_and_the_users_output_is_kept(
    provider: Provider, write: Write, capfd: pytest.CaptureFixture[str]
) -> None:
    provider.answers["GET", "/customers/123"] = (200, ALICE)

    def state(state: str) -> None:
        print("from the handler")
        os.write(1, b"on the descriptor\n")

    timer = threading.Timer(0.01, lambda: os.write(1, b"from another thread\n"))
    timer.start()
    source = write(pact(*(http_interaction(f"number {n}") for n in range(100))))
    verifier(provider, source).state_handler(state).verify()
    timer.join()
    captured = capfd.readouterr().out
    # the other thread may write between a line and its break
    assert captured.count("from the handler") == captured.count("on the descriptor\n") == 100
    assert captured.count("from another thread\n") == 1
    assert "Verifying a pact" not in captured and "number 1" not in captured


def test_a_time_limit_ends_a_provider_that_hangs(write: Write) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as hanging:
        url = f"http://127.0.0.1:{hanging.getsockname()[1]}"
        slow = Verifier("CustomerService").add_transport(url=url).add_source(write(pact(http_interaction())))
        begin = time.monotonic()
        assert "time limit of 0.2 seconds" in failure(slow.set_time_limit(0.2))
        assert time.monotonic() - begin < 1


def test_what_was_found_before_the_time_limit_is_kept(write: Write) -> None:
    def hang(environ: Any, start_response: Any) -> list[bytes]:
        if environ["PATH_INFO"] == "/hang":
            time.sleep(2)
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(ALICE).encode()]

    kept = [http_interaction(f"number {n}") for n in range(10)]
    hanging = http_interaction("hanging", request={"method": "GET", "path": "/hang"})
    slow = Verifier("CustomerService").app(hang).add_source(write(pact(*kept, hanging))).set_time_limit(0.5)
    assert failure(slow) == (
        "the verification was ended at its time limit of 0.5 seconds, in the application at GET /hang\n"
        "\n"
        "Verification of provider 'CustomerService' failed; 10 interactions passed"
    )
    assert slow.result is not None
    assert [item.description for item in slow.result.interactions] == [f"number {n}" for n in range(10)]


@pytest.mark.skipif(sys.platform == "win32", reason="signals are delivered differently")
def test_ctrl_c_ends_a_verification_at_once_and_the_process_cleanly(write: Write) -> None:
    code = f"""
import os, signal, socket, threading, time
from pact_ffi.provider.verifier import Verifier
hanging = socket.create_server(("127.0.0.1", 0))
v = Verifier("CustomerService").add_transport(url=f"http://127.0.0.1:{{hanging.getsockname()[1]}}")
v.add_source({str(write(pact(http_interaction())))!r})
threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
begin = time.monotonic()
try:
    v.verify()
except KeyboardInterrupt:
    print("interrupted", time.monotonic() - begin < 0.8)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=20)
    assert (done.stdout.splitlines()[0], done.returncode) == ("interrupted True", 0), done.stderr


def test_many_verifications_at_once(provider: Provider, write: Write) -> None:
    provider.answers["GET", "/customers/123"] = (200, ALICE)
    source, done = write(pact(http_interaction())), []
    threads = [
        threading.Thread(target=lambda: done.append(verifier(provider, source).state_handler(lambda s: None).verify()))
        for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 20


def test_verifications_leave_nothing_behind(provider: Provider, write: Write, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    provider.answers["GET", "/customers/123"] = (200, ALICE)
    source = write(pact(http_interaction()))

    def open_files() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    for count in range(30):
        verifier(provider, source).state_handler({}).verify()
        if count == 5:
            files, threads = open_files(), threading.active_count()
    assert (open_files() - files, threading.active_count() - threads) <= (2, 1)


def test_pieces_give_the_same_results_as_the_whole(
    provider: Provider, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.answers["GET", "/customers/123"] = (200, ALICE)
    broken = [http_interaction(f"broken {n}", response={"status": 400 + n}) for n in range(5)]
    pending = http_interaction("pending", pending=True, response={"status": 500})
    source = write(pact(*(http_interaction(f"kept {n}", key=f"k{n}") for n in range(12)), *broken, pending))
    found = []
    for piece in (1, 10, 1000):
        monkeypatch.setattr("pact_ffi.pact_file.document._PIECE", piece)
        done = verifier(provider, source)
        failure(done)
        results = {name: value for name, value in done.results.items() if name != "output"}
        for item in results["interactionResults"]:
            del item["duration"]
        found.append(results)
    assert found[0] == found[1] == found[2]
