"""The command pact-verifier, as scripts of pact-python 1 and 2 call it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pact_broker import StandInBroker

from pact_ffi.cli.pact_verifier import main

GOOD = {"description": "a", "request": {"method": "GET", "path": "/environments"}, "response": {"status": 200}}


@pytest.fixture
def contract(tmp_path: Path):
    def write(name: str = "Foo", provider: str = "Bar", **item: object) -> str:
        path = tmp_path / f"{name}-{provider}.json"
        sides = {"consumer": {"name": name}, "provider": {"name": provider}}
        path.write_text(json.dumps({**sides, "interactions": [{**GOOD, **item}]}))
        return str(path)

    return write


@pytest.mark.parametrize("provider", [["--provider", "Bar"], []])
def test_files_are_named_in_three_ways(broker: StandInBroker, contract, provider: list[str]) -> None:
    base = [f"--provider-base-url={broker.url}", *provider]
    one, two = contract(), contract("Other")
    for arguments in ([one, two], ["--pact-url", one, f"--pact-url={two}"], [f"--pact-urls={one},{two}"]):
        broker.requests.clear()
        assert main([*base, *arguments]) == 0
        assert len(broker.requests) == 2
    assert main([*base, contract("Bad", response={"status": 418})]) == 1


def test_pacts_of_several_providers_are_verified_as_each(broker: StandInBroker, contract, tmp_path: Path) -> None:
    contract("Foo", "Bar"), contract("Foo", "Baz")
    assert main([f"--provider-base-url={broker.url}", str(tmp_path)]) == 0
    assert len(broker.requests) == 2


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ([], 2, "--provider-base-url"),
        (["--provider-base-url=http://localhost:1", "--nonsense"], 2, "--nonsense"),
        (["--provider-base-url=http://localhost:1"], 1, "at least one pact file"),
        (["--provider-base-url=http://localhost:1", "--pact-broker-url=http://localhost:1"], 1, "--provider"),
        (["--provider-base-url=http://localhost:1", "missing.json"], 1, "missing.json"),
        (["--provider-base-url=http://localhost:1", "--provider=Bar", "missing.json"], 1, "missing.json"),
        (["--provider-base-url=http://localhost:1", "-r", "x.json"], 1, "--provider-app-version"),
        (["--provider-base-url=x", "--provider=Bar", "FILE"], 1, "http://"),
        (["--provider-base-url=http://localhost:1", "--provider=Bar", "FILE"], 1, "no answer from the provider"),
        (
            ["--provider-base-url=http://localhost:1", "--provider=Bar", "--pact-broker-url=http://127.0.0.1:1"],
            1,
            "Connection refused",
        ),
    ],
)
def test_exit_codes(contract, arguments: list[str], code: int, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        ended = main([contract() if argument == "FILE" else argument for argument in arguments])
    except SystemExit as error:
        ended = int(str(error.code))
    shown = capsys.readouterr()
    assert ended == code and told in shown.out + shown.err


def test_a_broker_is_asked_and_told_with_all_options(
    broker: StandInBroker, contract, capsys: pytest.CaptureFixture[str]
) -> None:
    broker.offer(json.loads(Path(contract(providerStates=[{"name": "it exists"}])).read_text()))
    broker.answers["/states"] = (200, {}, {})
    arguments = """--provider=Bar --enable-pending --include-wip-pacts-since=2020-01-01 --consumer-version-tag=dev
        --consumer-version-selector={"mainBranch":true} --provider-version-tag=dev --provider-version-branch=main
        --pact-broker-username=me --pact-broker-password=pw --publish-verification-results --provider-app-version=1
        --timeout=20 --verbose --custom-provider-header=X-Who:me""".split()
    urls = [f"--provider-base-url={broker.url}", f"--pact-broker-url={broker.url}"]
    assert main([*urls, *arguments, f"--provider-states-setup-url={broker.url}/states"]) == 0, capsys.readouterr()
    [asked] = broker.seen("POST", "for-verification")
    assert asked.headers["authorization"] == "Basic bWU6cHc="
    assert asked.body == {
        "consumerVersionSelectors": [{"mainBranch": True}, {"tag": "dev", "latest": True}],
        "includePendingStatus": True,
        "includeWipPactsSince": "2020-01-01",
        "providerVersionBranch": "main",
        "providerVersionTags": ["dev"],
    }
    assert broker.published[0]["success"] is True
    assert broker.versions["Bar", "1"] == {"branch": "main", "tags": ["dev"]}
    [told] = [request.body for request in broker.requests if request.path == "/states"]
    assert told["state"] == "it exists" and told["consumer"] == "Foo"


def test_a_pact_by_url_may_have_credentials(broker: StandInBroker, contract) -> None:
    offered = broker.offer(json.loads(Path(contract()).read_text()))
    url = broker.pact_url(offered)
    login = ["--pact-broker-token=t0k", f"--provider-base-url={broker.url}"]
    assert main([*login, url]) == 0
    assert main([*login, "--provider=Bar", f"--pact-url={url}", "-r", "-a", "1"]) == 0
    assert {request.headers.get("authorization") for request in broker.seen("GET", "/pact-version/")} == {"Bearer t0k"}
    assert len(broker.published) == 1
