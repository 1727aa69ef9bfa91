"""Pact files changed in bytes or in shape, given to the verifier: ``python pact_files.py COUNT [SEED [TRACE]]``.

The provider keeps the pacts as they were before. Whatever a change makes of a file, the verifier passes or raises
a `PactError`; it passes only when what it verified is what the provider answers. Prints a line of JSON at the end.
"""

from __future__ import annotations

import copy
import http.server
import json
import random
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pact import Verifier
from pact.error import PactError

BODY = {"id": 1, "name": "Al\u00fc", "tags": ["a", "b"]}
RULES = {"body": {"$.name": {"combine": "AND", "matchers": [{"match": "regex", "regex": "\\w+"}]}}}


def pact(version: str, *interactions: Any, key: str = "interactions") -> dict[str, Any]:
    parties = {"consumer": {"name": "c"}, "provider": {"name": "p"}}
    return {**parties, key: [*interactions], "metadata": {"pactSpecification": {"version": version}}}


def http_pact(version: str) -> dict[str, Any]:
    request: dict[str, Any] = {"method": "POST", "path": "/a", "body": {"x": [1, 2.5, None, "y"]}}
    response: dict[str, Any] = {"status": 200, "headers": {"Content-Type": "application/json"}, "body": BODY}
    found = {"description": "one", "request": request, "response": response}
    if version == "2.0.0":
        response["matchingRules"] = {"$.body.name": {"match": "regex", "regex": "\\w+"}}
        return pact(version, {**found, "providerState": "s"})
    states = [{"name": "s", "params": {"k": 1}}]
    response["matchingRules"] = RULES
    if version == "4.0":
        response["headers"] = {"Content-Type": ["application/json"]}
        for part in (request, response):
            part["body"] = {"content": part["body"], "contentType": "application/json", "encoded": False}
        found |= {"type": "Synchronous/HTTP", "pending": False, "comments": {"text": ["t"]}, "key": "k"}
    return pact(version, {**found, "providerStates": states})


def message_pact(version: str) -> dict[str, Any]:
    found: dict[str, Any] = {"description": "one", "matchingRules": RULES}
    if version == "4.0":
        contents = {"content": BODY, "contentType": "application/json", "encoded": False}
        return pact(version, {**found, "type": "Asynchronous/Messages", "contents": contents})
    metadata = {"contentType": "application/json"}
    return pact(version, {**found, "contents": BODY, "metaData": metadata}, key="messages")


ORIGINALS = [http_pact("2.0.0"), http_pact("3.0.0"), http_pact("4.0"), message_pact("3.0.0"), message_pact("4.0")]
WORDS = (
    b"null", b"true", b"-1", b"1e999", b"99999999999999999999", b'""', b"[]", b"{}", b'"\\u0000"', b'"\\ud800"',
    b"NaN",
    b"[[[[", b'{"a":', b'"(a+)+$"', b'"("', b'"nonsense"', b'"4.0"', b'"9.9"', b"\xff", b"\0",
    b'"Synchronous/Messages"',
)  # fmt: skip


def mutated(r: random.Random, text: bytes) -> bytes:
    """Change one to three places: a bit, some bytes, a value, a piece copied or cut out."""
    for _ in range(r.randint(1, 3)):
        at, kind = r.randrange(len(text) + 1), r.randrange(7)
        if kind == 0 and at < len(text):
            text = text[:at] + bytes([text[at] ^ (1 << r.randrange(8))]) + text[at + 1 :]
        elif kind == 1:
            text = text[:at] + bytes(r.randrange(256) for _ in range(r.randint(1, 4))) + text[at:]
        elif kind == 2:
            text = text[:at] + text[at + r.randint(1, 30) :]
        elif kind == 3:
            start = r.randrange(len(text) + 1)
            text = text[:at] + text[start : start + r.randint(1, 60)] + text[at:]
        elif kind == 4:
            text = text[:at] if r.random() < 0.1 else text
        else:  # another value in the place of one: still JSON more often than not
            starts = [i + 2 for i in range(len(text) - 2) if text[i : i + 2] in (b": ", b", ", b"[{")]
            if starts:
                at = r.choice(starts)
                end = min((text.find(c, at) for c in (b",", b"}", b"]") if text.find(c, at) >= 0), default=at)
                text = text[:at] + r.choice(WORDS) + text[end:]
        text = text or b" "
    return text


SHAPES: list[Any] = [
    *(None, True, 5, -1, 1.5, 2**63, "", "x", "$.a", "a\nb", "\0", "é", [], {}, [None], [[]], [{}], {"": ""}, {"x": 5}),
    *({"matchers": []}, {"matchers": [{"match": "eachKey"}]}, {"matchers": [{"match": "arrayContains"}]}),
    *(
        {"matchers": [{"match": "statusCode", "status": "x"}]},
        {"match": "type"},
        {"content": None},
        {"encoded": "base64"},
    ),
    *({"type": "RandomInt", "min": 9, "max": 1}, {"type": "Regex"}, {"type": "ProviderState"}, {"type": "Date"}),
]
MEMBERS = ("headers", "body", "query", "status", "generators", "contents", "matchingRules", "$.body", "providerState")


def ways(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to each value in ``value``."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*way, key)
        yield from ways(inner, (*way, key))


def reshaped(r: random.Random, text: bytes) -> bytes:
    """Put other values in the places of one or two, add a member, or take one away."""
    document = json.loads(text)
    for _ in range(r.randint(1, 2)):
        document = copy.deepcopy(document)  # of what was put in
        *keys, last = r.choice(list(ways(document)))
        at = document
        for key in keys:
            at = at[key]
        kind = r.randrange(8)
        if kind == 0:
            del at[last]
        elif kind == 1 and isinstance(at, dict):
            at[r.choice(MEMBERS)] = r.choice(SHAPES)
        elif kind == 2 and isinstance(at, dict):
            at[last.title()] = at.pop(last)
        else:
            at[last] = r.choice(SHAPES)
    return json.dumps(document).encode()


class Provider(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, *_: Any) -> None:
        pass

    def do_POST(self) -> None:
        try:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
        except ValueError:
            pass
        data = json.dumps(BODY).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    do_GET = do_PUT = do_HEAD = do_DELETE = do_PATCH = do_OPTIONS = do_POST


def wrongly_green(content: bytes, verifier: Any, told: list[warnings.WarningMessage]) -> str | None:
    """Say why a verification that passed should not have."""
    document = json.loads(content)
    items = [item for key in ("interactions", "messages") for item in document.get(key, ())]
    result = verifier.result
    if not items or not result.interactions:
        return "nothing was verified"
    if len(result.interactions) != len(items):
        return f"{len(result.interactions)} of {len(items)} interactions were verified"
    for item in items:
        status = item.get("response", {}).get("status", 200) if isinstance(item.get("response"), dict) else 200
        if status != 200:  # a missing one is 200, as the core reads it
            return f"the status is {status!r}"
    if document["provider"]["name"] != "p" and not any("provider" in str(each.message) for each in told):
        return "the provider is another, and nobody was told"
    return None


def main(count: int, seed: int, trace: str | None) -> None:
    warnings.simplefilter("ignore")
    r = random.Random(seed)
    found: dict[str, str] = {}
    passed = refused = 0
    slowest, slow = 0.0, b""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    texts = [json.dumps(original, indent=1 + number % 2).encode() for number, original in enumerate(ORIGINALS)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pact.json"
        for number in range(-len(texts), count):
            change = reshaped if number % 2 else mutated
            content = texts[number] if number < 0 else change(r, r.choice(texts))
            path.write_bytes(content)
            if trace:
                Path(trace).write_bytes(content)
            verifier = Verifier("p").add_transport(url=url).set_request_timeout(3000).set_time_limit(30)
            verifier.state_handler(lambda state: None).message_handler(lambda name: BODY)
            started = time.monotonic()
            try:
                with warnings.catch_warnings(record=True) as told:
                    warnings.simplefilter("always")
                    verifier.add_source(path).verify()
                passed += 1
                why = wrongly_green(content, verifier, told)
                if why:
                    found.setdefault(f"wrong green: {why}", repr(content))
            except PactError as error:
                refused += 1
                if number < 0:
                    found["an unchanged file was refused"] = str(error)
                if "the core failed" in str(error) and "Regex match error" not in str(error):
                    found.setdefault(f"a panic: {str(error)[-100:]}", repr(content))
                if not str(error):
                    found["an error without a text"] = repr(content)
            except Exception as error:
                found.setdefault(f"{type(error).__name__}: {error!s:.100}", repr(content))
            seconds = time.monotonic() - started
            if seconds > slowest:
                slowest, slow = seconds, content
    answer = {"inputs": count, "passed": passed, "refused": refused, "findings": found}
    print(json.dumps({**answer, "slowest": [round(slowest, 2), repr(slow) if slowest > 5 else ""]}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1, sys.argv[3] if len(sys.argv) > 3 else None)
