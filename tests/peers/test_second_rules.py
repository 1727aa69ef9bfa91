"""The second rule beside one that the core reads too leniently means the same to the verifiers of the peers."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import peer_install
import pytest

from pact import Pact, match

# matcher, a value that is right, values that the first rule alone would take
LENIENT: dict[str, tuple[Any, Any, list[Any]]] = {
    "letters": (match.regex("ann", regex="[a-z]+"), "bob", [None, True]),
    "digits": (match.regex("12", regex=r"\d+"), "7", [7]),
    "include": (match.includes("u"), "mu", [None, True]),
    "boolean": (match.bool(True), False, ["true", "false"]),
    "date": (match.date("2024-02-29"), "1999-12-31", ["99-12-31", "2024-2-9"]),
    "time": (match.time("12:34:56"), "00:00:00", ["1:2:3"]),
}
PLACES: dict[str, tuple[Any, Any]] = {
    "member": (lambda matcher: {"a": matcher}, lambda example, value: {"a": value}),
    "item": (lambda matcher: match.each_like(matcher), lambda example, value: [example, value]),
    "name": (
        lambda matcher: match.each_value_matches({"a": matcher.value}, rules=matcher),
        lambda example, value: {"a": example, "b": value},
    ),
}
CASES = [
    (place, name, value, value == LENIENT[name][1])
    for place in PLACES
    for name in LENIENT
    for value in (LENIENT[name][1], *LENIENT[name][2])
]
JS = """
const { Verifier } = require("@pact-foundation/pact");
const [url, file] = process.argv.slice(2);
new Verifier({ provider: "stock", providerBaseUrl: url, pactUrls: [file], logLevel: "error" })
  .verifyProvider().then(console.log, (error) => console.log(String(error)));
"""
PYTHON = """
import sys
from pact import Verifier
verifier = Verifier("stock", host="127.0.0.1").add_transport(url=sys.argv[1]).add_source(sys.argv[2])
try:
    verifier.verify()
except RuntimeError:
    pass
print(verifier.output())
"""


def verified_by(peer: str, url: str, file: Path, folder: Path) -> str:
    """What the verifier of ``peer`` prints."""
    if peer == "pact-js":
        script = folder / "verify.js"
        script.write_text(JS)
        done = peer_install.pact_js().run(script, url, file)
    else:
        environment = {**os.environ, "PACT_DO_NOT_TRACK": "true"}
        command = [str(peer_install.pact_python()), "-c", PYTHON, url, str(file)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, timeout=120)
    return re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)


@pytest.mark.parametrize("version", ["V3", "V4"])
@pytest.mark.parametrize("peer", ["pact-js", "pact-python"])
def test_the_verifier_of_a_peer_refuses_what_the_first_rule_takes(
    peer: str, version: str, tmp_path: Path, served: Callable[[Any], Any]
) -> None:
    cases = [case for case in CASES if version == "V4" or case[0] != "name"]
    pact = Pact("shop", "stock").with_specification(version)
    answers = {}
    for number, (place, name, value, _) in enumerate(cases):
        matcher = LENIENT[name][0]
        body, sent = PLACES[place]
        answers[f"/{number}"] = json.dumps(sent(matcher.value, value)).encode()
        request = pact.upon_receiving(f"case {number} ends").with_request("GET", f"/{number}")
        request.will_respond_with(200).with_body(body(matcher))
    pact.write_file(tmp_path)

    def app(environ: Any, start: Any) -> list[bytes]:
        start("200 OK", [("Content-Type", "application/json")])
        return [answers[environ["PATH_INFO"]]]

    with served(app) as port:
        output = verified_by(peer, f"http://127.0.0.1:{port}", tmp_path / "shop-stock.json", tmp_path)
    for number, case in enumerate(cases):
        report = re.search(rf"case {number} ends.*\n((?:.+\n)+)", output)
        assert report, output
        assert ("FAILED" not in report[1]) is case[-1], (case, report[1])
