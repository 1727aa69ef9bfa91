"""One contract, many languages: a consumer in one, the verification in another, over the same pact file.

Every pair is tried twice: with the provider as it should be, and with one that breaks the contract, so that no
verifier is green because it verified nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import peer_install
import pytest
from peer_install import PactJs
from peer_provider import UsersApi

from pact import Consumer, Format, Like, Pact, Provider, Verifier, match
from pact_ffi.core import library
from pact_ffi.errors import VerificationError

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
EXCHANGED = {
    "v2": "HTTP V2",
    "v3": "HTTP V3",
    "v3-messages": "messages V3",
    "v4": "HTTP, messages and synchronous messages V4",
}
REQUESTS = {
    "v2": {"GET /users/7?detail=full&detail=tags", "POST /users"},
    "v3": {"GET /users/42?detail=full&detail=tags", "POST /users"},
    "v3-messages": set(),
    "v4": {"GET /users/42?detail=full&detail=tags", "POST /users"},
}
PEERS = {
    "pact-js": f"pact-js {peer_install.PACT_JS} (core {peer_install.PACT_JS_CORE})",
    "pact-python": f"pact-python {peer_install.PACT_PYTHON} (core {peer_install.PACT_PYTHON_CORE})",
    "pact-cli": f"pact {peer_install.PACT_CLI} (the Rust command line)",
    "c": f"C (core {library.version()}, the same file)",
}
BROKEN = 5  # a name that is no text

Tried = Callable[[str, str, str], None]
Done = subprocess.CompletedProcess[str]


def ran(*command: str | Path, **environment: str) -> Done:
    variables = {**os.environ, "PACT_DO_NOT_TRACK": "true", **environment}
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, env=variables, timeout=120)


def check(done: Done) -> None:
    assert done.returncode == 0, f"{done.args}\n{done.stdout}\n{done.stderr}"


def consume(peer: str, folder: Path) -> None:
    """Let the consumer of ``peer`` exercise its contracts and write its pact files."""
    if peer == "pact-js":
        check(peer_install.pact_js().run(HERE / "js/consumer.js", folder, peer))
    elif peer == "pact-python":
        check(ran(peer_install.pact_python(), HERE / "python/consumer.py", folder, peer))
    else:
        check(ran(sys.executable, HERE / "python/consumer.py", folder, peer, PYTHONPATH=str(ROOT)))


@pytest.fixture(scope="session")
def pact_file(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Path]:
    """The pact file of a peer ("ours" is one) for one of EXCHANGED; each peer runs once."""
    folders: dict[str, Path] = {}

    def file(peer: str, name: str) -> Path:
        if peer not in folders:
            folder = tmp_path_factory.mktemp(peer)
            consume(peer, folder)
            folders[peer] = folder
        return folders[peer] / f"{peer}-{name}-users-api.json"

    return file


def verify_with(peer: str, file: Path, api: UsersApi) -> Done:
    arguments = [file, api.url, json.dumps(api.name)]
    if peer == "pact-js":
        return peer_install.pact_js().run(HERE / "js/verifier.js", *arguments)
    if peer == "pact-python":
        return ran(peer_install.pact_python(), HERE / "python/verifier.py", *arguments)
    options = ["--provider-name", "users-api", "--state-change-url", f"{api.url}/_states", "--no-colour"]
    address = ["--hostname", "localhost", "--port", str(api.port)]
    return ran(peer_install.pact_cli(), "verifier", "--file", file, *address, *options)


def our_verifier(file: Path, api: UsersApi) -> Verifier:
    def exists(parameters: dict[str, object]) -> dict[str, object]:
        assert parameters == {"kind": "admin"}
        return api.state("a user exists", parameters)

    states = {"a user exists": exists, "user 7 exists": lambda: api.state("user 7 exists")}
    verifier = Verifier("users-api").add_source(file).add_transport(url=api.url)
    return verifier.state_handler(states).message_handler(api.message)


@pytest.mark.parametrize("name", EXCHANGED)
@pytest.mark.parametrize("peer", ["pact-js", "pact-python"])
def test_our_verifier_accepts_what_a_peer_expects(
    peer: str, name: str, pact_file: Callable[[str, str], Path], tried: Tried
) -> None:
    file = pact_file(peer, name)
    core = json.loads(file.read_text("utf-8"))["metadata"]["pactRust"]["ffi"]
    assert f"(core {core})" in PEERS[peer]
    with UsersApi() as api:
        verifier = our_verifier(file, api).verify()
        assert set(api.requests) == REQUESTS[name]
    assert verifier.results["result"] is True
    tried(PEERS[peer], "their consumer, our verifier", EXCHANGED[name])


@pytest.mark.parametrize("name", EXCHANGED)
@pytest.mark.parametrize("peer", ["pact-js", "pact-python"])
def test_our_verifier_refuses_what_breaks_the_pact_of_a_peer(
    peer: str, name: str, pact_file: Callable[[str, str], Path]
) -> None:
    with UsersApi(BROKEN) as api, pytest.raises(VerificationError) as raised:
        our_verifier(pact_file(peer, name), api).verify()
    assert "$.name" in str(raised.value)


@pytest.mark.parametrize("name", EXCHANGED)
@pytest.mark.parametrize("peer", ["pact-js", "pact-python", "pact-cli"])
def test_the_verifier_of_a_peer_accepts_what_we_expect(
    peer: str, name: str, pact_file: Callable[[str, str], Path], tried: Tried
) -> None:
    with UsersApi() as api:
        check(verify_with(peer, pact_file("ours", name), api))
        assert set(api.requests) == REQUESTS[name]
        assert "user 7 exists" in api.states or "a user exists" in api.states
    tried(PEERS[peer], "our consumer, their verifier", EXCHANGED[name])


@pytest.mark.parametrize("name", EXCHANGED)
@pytest.mark.parametrize("peer", ["pact-js", "pact-python", "pact-cli"])
def test_the_verifier_of_a_peer_refuses_what_breaks_our_pact(
    peer: str, name: str, pact_file: Callable[[str, str], Path]
) -> None:
    with UsersApi(BROKEN) as api:
        done = verify_with(peer, pact_file("ours", name), api)
    assert done.returncode != 0
    assert "$.name" in done.stdout + done.stderr


def test_a_pact_of_the_classic_api_is_verified_by_all_peers(tmp_path: Path, tried: Tried) -> None:
    pact = Consumer("classic").has_pact_with(Provider("users-api"), port=0, pact_dir=str(tmp_path))
    headers = {"Content-Type": "application/json"}
    pact.given("user 7 exists").upon_receiving("a user").with_request(
        "GET", "/users/7", query="detail=full&detail=tags"
    )
    pact.will_respond_with(200, headers, {"id": Format().integer, "name": Like("Ada")})
    with pact:
        with urllib.request.urlopen(f"{pact.uri}/users/7?detail=full&detail=tags") as response:
            assert json.loads(response.read())["name"] == "Ada"

    (file,) = tmp_path.glob("*.json")
    for peer in ("pact-js", "pact-python", "pact-cli"):
        with UsersApi() as api:
            check(verify_with(peer, file, api))
            assert api.requests == ["GET /users/7?detail=full&detail=tags"]
        tried(PEERS[peer], "our consumer, their verifier", "the classic API's HTTP V2")


@pytest.mark.parametrize("name", ["v2", "v3", "v4"])
def test_the_stub_server_serves_our_pact(name: str, pact_file: Callable[[str, str], Path], tried: Tried) -> None:
    def ask(path: str, body: bytes | None = None) -> tuple[int, object]:
        request = urllib.request.Request(url + path, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status, json.loads(response.read())

    with peer_install.stub_server(pact_file("ours", name)) as url:
        assert ask("/users/7?detail=full&detail=tags") == (200, {"id": 7, "name": "Ada", "tags": ["admin"]})
        assert ask("/users", b'{"name": "anybody"}') == (201, {"id": 8})
        with pytest.raises(urllib.error.HTTPError, match="404"):
            ask("/users/7?detail=other")
    tried(PEERS["pact-cli"], "our consumer, their stub server", f"HTTP {name.upper()}")


@pytest.fixture(scope="session")
def c_consumer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The C program, compiled."""
    program = tmp_path_factory.mktemp("c") / "consumer"
    peer_install.run(*peer_install.c_compiler(), "-Wall", "-Werror", "-o", program, HERE / "c/consumer.c", "-ldl")
    return program


def test_a_c_program_on_the_same_library_merges_into_the_same_pact_file(
    c_consumer: Path, tmp_path: Path, tried: Tried
) -> None:
    def ours(description: str) -> None:
        pact = Pact("one-team", "users-api")
        user = pact.upon_receiving(description).given("user 7 exists").with_request("GET", "/users/7")
        user.with_query_parameter("detail", ["full", "tags"]).will_respond_with(200).with_body(
            {"name": match.like("A")}
        )
        pact.write_file(tmp_path)

    ours("a user, said in Python")
    done = ran(c_consumer, library.path(), tmp_path, "one-team", "users-api")
    check(done)
    assert done.stdout.strip() == library.version()
    ours("a user, said in Python again")

    pact = json.loads((tmp_path / "one-team-users-api.json").read_text())
    assert [each["description"] for each in pact["interactions"]] == [
        "a new user, said in C",
        "a user was created, said in C",
        "a user, said in Python",
        "a user, said in Python again",
    ]
    with UsersApi() as api:
        verifier = Verifier("users-api").add_source(tmp_path).add_transport(url=api.url)
        verifier.state_handler(f"{api.url}/_states", body=True).message_handler(api.message).verify()
        assert len(api.requests) == 3
    tried(PEERS["c"], "both write one file, our verifier", "HTTP and messages V4")


def test_the_library_of_pact_js_runs_a_consumer_and_a_verifier(pact_js: PactJs, tmp_path: Path, tried: Tried) -> None:
    chosen = {"PYTHONPATH": str(ROOT), "PACT_FFI_LIBRARY": str(pact_js.library)}
    info = ran(sys.executable, "-m", "pact_ffi", "info", **chosen)
    check(info)
    assert str(pact_js.library) in info.stdout
    check(ran(sys.executable, HERE / "python/consumer.py", tmp_path, "ours", **chosen))
    for name in EXCHANGED:
        file = tmp_path / f"ours-{name}-users-api.json"
        assert json.loads(file.read_text())["metadata"]["pactRust"]["ffi"] in info.stdout
        for user, code in (("Ada", 0), (BROKEN, 1)):
            with UsersApi(user) as api:
                done = ran(sys.executable, HERE / "python/verifier.py", file, api.url, json.dumps(user), **chosen)
                assert done.returncode == code, done.stdout + done.stderr
                assert set(api.requests) == REQUESTS[name]
        tried(PEERS["pact-js"], "our consumer and verifier on their library", EXCHANGED[name])
