"""The classic mock service: one address from start to stop, whatever is expected in between."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from pact import Consumer, Provider
from pact.error import MismatchesError, MockServerError
from pact.pact import PactException
from pact_ffi import PactWarning


@pytest.fixture
def pact(tmp_path: Path) -> Iterator:
    made = Consumer("c").has_pact_with(Provider("p"), port=0, pact_dir=str(tmp_path))
    made.start_service()
    yield made
    made._clear()
    made.stop_service()


def simple(pact, path: str = "/a", status: int = 200):
    return (
        pact.upon_receiving(f"a request for {path}")
        .with_request("get", path)
        .will_respond_with(status, body={"p": path})
    )


def test_with_blocks_share_one_address(pact) -> None:
    addresses = set()
    for path in ("/a", "/b", "/c"):
        simple(pact, path)
        with pact:
            addresses.add(pact.uri)
            assert requests.get(pact.uri + path).json() == {"p": path}
    assert len(addresses) == 1


def test_a_session_survives_the_change_of_expectations(pact) -> None:
    with requests.Session() as session:
        for path in ("/a", "/b", "/c"):
            simple(pact, path)
            with pact:
                assert session.get(pact.uri + path).status_code == 200


def test_entering_returns_the_pact(pact) -> None:
    simple(pact)
    with pact as entered:
        assert entered in (pact, None)
        requests.get(f"{pact.uri}/a")


def test_several_interactions_in_one_block(pact) -> None:
    simple(pact, "/a")
    simple(pact, "/b", 404)
    with pact:
        assert [requests.get(f"{pact.uri}{path}").status_code for path in ("/b", "/a")] == [404, 200]


def test_an_interaction_of_an_earlier_block_is_gone(pact) -> None:
    simple(pact, "/a")
    with pact:
        requests.get(f"{pact.uri}/a")
    simple(pact, "/b")
    with pytest.raises(AssertionError, match="GET /a was not expected"):
        with pact:
            requests.get(f"{pact.uri}/b")
            assert requests.get(f"{pact.uri}/a").status_code == 500


def test_a_missing_request_is_an_assertion_error(pact) -> None:
    simple(pact)
    with pytest.raises(AssertionError, match="'a request for /a' was never called"):
        with pact:
            pass


def test_a_mismatch_is_an_assertion_error(pact) -> None:
    pact.upon_receiving("a").with_request("get", "/a", headers={"X": "1"}).will_respond_with(200)
    with pytest.raises(AssertionError, match="differs from interaction 'a'"):
        with pact:
            requests.get(f"{pact.uri}/a", headers={"X": "2"})


def test_after_a_failure_the_next_block_is_clean(pact) -> None:
    simple(pact, "/a")
    with pytest.raises(AssertionError):
        with pact:
            pass
    simple(pact, "/b")
    with pact:
        requests.get(f"{pact.uri}/b")


def test_a_users_exception_passes_and_nothing_is_verified_or_written(pact, tmp_path: Path) -> None:
    simple(pact)
    with pytest.raises(KeyError, match="mine"):
        with pact:
            raise KeyError("mine")
    assert list(tmp_path.iterdir()) == []
    simple(pact, "/b")
    with pact:
        requests.get(f"{pact.uri}/b")


def test_verify_may_be_called_inside_the_block(pact) -> None:
    simple(pact)
    with pact:
        requests.get(f"{pact.uri}/a")
        pact.verify()


def test_setup_and_verify_without_with(pact) -> None:
    simple(pact)
    pact.setup()
    requests.get(f"{pact.uri}/a")
    pact.verify()
    simple(pact)
    pact.setup()
    with pytest.raises(AssertionError):
        pact.verify()


def test_given_takes_one_state_and_the_last_wins(pact, tmp_path: Path) -> None:
    import json

    pact.given("first").given("last")
    simple(pact)
    with pact:
        requests.get(f"{pact.uri}/a")
    (item,) = json.loads((tmp_path / "c-p.json").read_text())["interactions"]
    assert item["providerStates"] == [{"name": "last"}]


def test_calls_from_threads(pact) -> None:
    simple(pact)
    with pact:
        statuses: list[int] = []
        threads = [
            threading.Thread(target=lambda: statuses.append(requests.get(f"{pact.uri}/a").status_code))
            for _ in range(10)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert statuses == [200] * 10


def test_a_chosen_port_is_used_again_and_again(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    for number in range(3):
        pact = Consumer("c").has_pact_with(Provider("p"), port=port, pact_dir=str(tmp_path))
        pact.start_service()
        simple(pact, f"/{number}")
        with pact:
            assert requests.get(f"http://localhost:{port}/{number}").status_code == 200
        pact.stop_service()
        with pytest.raises(requests.ConnectionError):
            requests.get(f"http://localhost:{port}/", timeout=1)


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        pact = Consumer("c").has_pact_with(Provider("p"), host_name="127.0.0.1", port=port, pact_dir=str(tmp_path))
        with pytest.raises(MockServerError, match=str(port)):
            pact.start_service()


def test_starting_and_stopping_twice_is_harmless(pact) -> None:
    uri = pact.uri
    pact.start_service()
    assert pact.uri == uri
    pact.stop_service()
    pact.stop_service()


def test_a_service_that_does_not_run_has_no_address() -> None:
    with pytest.raises(PactException, match="start_service"):
        Consumer("c").has_pact_with(Provider("p")).mock_service


def test_https(tmp_path: Path) -> None:
    pact = Consumer("c").has_pact_with(Provider("p"), port=0, ssl=True, pact_dir=str(tmp_path))
    pact.start_service()
    assert pact.uri.startswith("https://")
    simple(pact)
    with pact, pytest.warns(Warning):
        assert requests.get(f"{pact.uri}/a", verify=False).status_code == 200
    pact.stop_service()


def test_cors(tmp_path: Path) -> None:
    pact = Consumer("c").has_pact_with(Provider("p"), port=0, cors=True, pact_dir=str(tmp_path))
    pact.start_service()
    simple(pact)
    with pact:
        headers = {"Origin": "http://x", "Access-Control-Request-Method": "GET"}
        assert requests.options(f"{pact.uri}/a", headers=headers).status_code == 204
        requests.get(f"{pact.uri}/a")
    pact.stop_service()


def test_the_log_is_written_where_it_was_asked_for(tmp_path: Path) -> None:
    pact = Consumer("c").has_pact_with(Provider("p"), port=0, log_dir=str(tmp_path), pact_dir=str(tmp_path / "pacts"))
    pact.start_service()
    simple(pact)
    with pact:
        requests.get(f"{pact.uri}/a")
    pact.stop_service()
    assert (tmp_path / "pact-mock-service.log").exists()


def test_interactions_defined_while_the_service_runs_are_served_without_with(pact) -> None:
    simple(pact, "/a")
    assert requests.get(f"{pact.mock_service.url}/a").status_code == 200
    simple(pact, "/b")
    assert requests.get(f"{pact.mock_service.url}/b").status_code == 200
    pact.verify()


def test_two_different_interactions_under_one_identity_are_an_error(pact) -> None:
    pact.given("s").upon_receiving("a").with_request("get", "/1").will_respond_with(200)
    with pytest.raises(OSError, match="two different contents"):
        pact.given("s").upon_receiving("a").with_request("get", "/2").will_respond_with(200)
        with pact:
            requests.get(f"{pact.uri}/1")
            requests.get(f"{pact.uri}/2")


def test_two_interactions_that_share_the_description_both_live(pact, tmp_path: Path) -> None:
    import json

    pact.given("one").upon_receiving("a").with_request("get", "/1").will_respond_with(200)
    pact.given("two").upon_receiving("a").with_request("get", "/2").will_respond_with(200)
    with pact:
        requests.get(f"{pact.uri}/1")
        requests.get(f"{pact.uri}/2")
    assert len(json.loads((tmp_path / "c-p.json").read_text())["interactions"]) == 2


def test_a_request_that_nobody_described_is_told(pact) -> None:
    with pytest.raises(MismatchesError, match="^GET /a was not expected; the pact describes no request$"):
        with pact:
            requests.get(f"{pact.uri}/a")
    requests.get(f"{pact.uri}/b")
    with pytest.raises(MismatchesError, match="^GET /b was not expected"):
        pact.verify()
    requests.get(f"{pact.uri}/c")
    simple(pact)
    with pytest.warns(PactWarning, match="(?s)nobody checks came before the block:.GET /c was not expected") as told:
        pact.__enter__()
    assert told[0].filename == __file__
    requests.get(f"{pact.uri}/a")
    pact.verify()


LEFT = {
    "described only": "described()",
    "half described": "pact.upon_receiving('a payment')",
    "described after the service has stopped": "pact.start_service(); pact.stop_service(); described()",
    "described after the last check": "described(); pact.setup(); get(); pact.verify(); described()",
    "started": "described(); pact.start_service()",
    "stopped by an exit handler": "described(); pact.start_service(); atexit.register(pact.stop_service)",
    "an exit handler that comes first": "atexit.register(pact.stop_service); described(); pact.start_service()",
    "set up": "described(); pact.setup()",
    "asked, but not as described": "described(); pact.setup(); get('/elsewhere')",
    "asked, where nothing is described": "pact.start_service(); get()",
    "asked after the last check": "described()\nwith pact: get()\nget()",
    "sys.exit(0) in the block": "described()\nwith pact: sys.exit(0)",
    "Ctrl-C in the block that is caught": """
described()
try:
    with pact: raise KeyboardInterrupt
except KeyboardInterrupt: pass
""",
    "a client's error over the answer 500 that is caught": """
described()
try:
    with pact: get("/elsewhere"); raise OSError
except OSError: pass
""",
    "a task that is cancelled": """
import asyncio
async def test():
    described()
    with pact: await asyncio.sleep(9)
async def main():
    task = asyncio.create_task(test()); await asyncio.sleep(0.05); task.cancel()
asyncio.run(main())
""",
}
DONE = {
    "nothing": "pass",
    "a service for nothing": "pact.start_service()",
    "met": "described()\nwith pact: get()",
    "met and not stopped": "described(); pact.start_service(); get()",
    "refused": "try: pact.upon_receiving('a').with_request('a b', '/').will_respond_with(200)\nexcept ValueError: pass",
    "told by verify": "described()\ntry: pact.verify()\nexcept RuntimeError: pass",
    "told by the block": "described()\ntry:\n    with pact: pass\nexcept AssertionError: pass",
    "an error of the test's own": "described()\ntry:\n    with pact: 1 / 0\nexcept ArithmeticError: pass",
    "an error after the request": "described()\ntry:\n    with pact: get(); 1 / 0\nexcept ArithmeticError: pass",
}


def ended(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    script = """
import atexit, sys, urllib.error, urllib.request
from pact import Consumer, Provider
pact = Consumer("till").has_pact_with(Provider("bank"), pact_dir=".", port=0)
def described():
    pact.given("money").upon_receiving("a payment").with_request("GET", "/pay").will_respond_with(200)
def get(path="/pay"):
    try: urllib.request.urlopen(f"{pact.uri}{path}", timeout=5).close()
    except urllib.error.HTTPError: pass
"""
    return subprocess.run([sys.executable, "-c", script + code], cwd=folder, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("code", LEFT.values(), ids=list(LEFT))
def test_what_nobody_checked_or_met_is_told_when_the_process_ends(code: str, tmp_path: Path) -> None:
    done = ended(code, tmp_path)
    assert done.returncode == 120, done
    assert "till -> bank: " in done.stderr
    assert re.search("'a payment|an incomplete one|GET /pay was not expected", done.stderr)


@pytest.mark.parametrize("code", DONE.values(), ids=list(DONE))
def test_what_was_met_or_told_before_is_not_told_again(code: str, tmp_path: Path) -> None:
    done = ended(code, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
