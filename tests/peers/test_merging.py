"""A peer and we write into the same pact files, in turns: nothing is lost, and nothing changes."""

from __future__ import annotations

import json
import os
import subprocess
import warnings
from pathlib import Path
from typing import Any

import peer_install
import pytest

from pact import Pact, match
from pact_ffi.errors import PactWarning

HERE = Path(__file__).parent


def theirs(peer: str, folder: Path) -> None:
    if peer == "pact-js":
        done = peer_install.pact_js().run(HERE / "js/consumer.js", folder, peer)
    else:
        command = [str(peer_install.pact_python()), str(HERE / "python/consumer.py"), str(folder), peer]
        environment = {**os.environ, "PACT_DO_NOT_TRACK": "true"}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def ours(document: dict[str, Any], folder: Path) -> None:
    version = document["metadata"]["pactSpecification"]["version"]
    pact = Pact(document["consumer"]["name"], document["provider"]["name"]).with_specification(version)
    body = {"name": match.regex("x", regex=".*")}
    if "messages" in document:
        pact.upon_receiving("ours", "Async").with_body(body)
    else:
        request = pact.upon_receiving("ours").given("s").with_request("GET", "/ours", query={"q": "1"})
        request.will_respond_with(200).with_body(body)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PactWarning)  # nothing served them
        pact.write_file(folder)


def read(folder: Path) -> dict[str, tuple[list[str], dict[str, Any]]]:
    """The interactions of each file, as texts, and all of the file."""
    files = {}
    for file in folder.glob("*.json"):
        document = json.loads(file.read_text("utf-8"))
        items = [*document.get("interactions", []), *document.get("messages", [])]
        files[file.name] = sorted(json.dumps(item, sort_keys=True) for item in items), document
    return files


@pytest.mark.parametrize("peer", ["pact-js", "pact-python"])
def test_we_and_a_peer_write_into_the_same_files_in_turns(peer: str, tmp_path: Path) -> None:
    theirs(peer, tmp_path)
    first = read(tmp_path)
    assert len(first) == 4
    for _, document in first.values():
        ours(document, tmp_path)
    second = read(tmp_path)
    for name, (items, document) in first.items():
        added = [item for item in second[name][0] if item not in items]
        assert [json.loads(item)["description"] for item in added] == ["ours"]
        assert set(items) < set(second[name][0])
        assert document["metadata"].keys() <= second[name][1]["metadata"].keys()
    theirs(peer, tmp_path)
    third = read(tmp_path)
    assert {name: items for name, (items, _) in third.items()} == {name: items for name, (items, _) in second.items()}
    for _, document in first.values():
        ours(document, tmp_path)
    fourth = read(tmp_path)
    assert {name: items for name, (items, _) in fourth.items()} == {name: items for name, (items, _) in second.items()}
