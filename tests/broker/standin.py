"""A stand-in for the Pact Broker, on loopback: not the broker, but its published HAL interface in so far as we use it.

It keeps what it is told in memory, answers with the broker's document shapes and status codes, and records requests.
`old=True` leaves out what brokers before 2.86 lack; `answers` maps a path to a reply that replaces the real one.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

Reply = tuple[int, Any, dict[str, str]]


@dataclass
class Seen:
    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: Any


@dataclass
class StandInBroker:
    login: str | None = None  # the Authorization header that is required
    old: bool = False
    refuse_changes: bool = True
    requests: list[Seen] = field(default_factory=list)
    versions: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    pacts: dict[tuple[str, str, str], Any] = field(default_factory=dict)
    results: dict[tuple[str, str], bool | None] = field(default_factory=dict)
    later: list[tuple[tuple[str, str], bool]] = field(default_factory=list)
    environments: dict[str, str] = field(default_factory=lambda: {"e-1": "test", "e-2": "production"})
    deployed: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, Reply | Callable[[], Reply]] = field(default_factory=dict)

    def __enter__(self) -> StandInBroker:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"broker": self}))
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def seen(self, method: str) -> list[Seen]:
        return [request for request in self.requests if request.method == method]

    # ---- resources

    def reply(self, request: Seen) -> Reply:
        if self.login is not None and request.headers.get("authorization") != self.login:
            return 401, "Unauthorized", {"WWW-Authenticate": 'Basic realm="Restricted area"'}
        if (given := self.answers.get(request.path)) is not None:
            return given() if callable(given) else given
        steps = [unquote(step) for step in request.path.strip("/").split("/")]
        for shape, handle in _ROUTES:
            if len(steps) == len(shape) and all(s in ("*", step) for s, step in zip(shape, steps, strict=True)):
                return handle(self, request, *[step for s, step in zip(shape, steps, strict=True) if s == "*"])
        return _missing()

    def index(self, request: Seen) -> Reply:
        paths = {
            "self": "",
            "pb:publish-pact": "/pacts/provider/{provider}/consumer/{consumer}/version/{consumerApplicationVersion}",
            "pb:pacticipant": "/pacticipants/{pacticipant}",
            "pb:pacticipant-version-tag": "/pacticipants/{pacticipant}/versions/{version}/tags/{tag}",
        }
        if not self.old:
            ask = "/can-i-deploy?pacticipant={pacticipant}&version={version}"
            paths |= {
                "pb:publish-contracts": "/contracts/publish",
                "pb:pacticipant-version": "/pacticipants/{pacticipant}/versions/{version}",
                "pb:environments": "/environments",
                "pb:environment": "/environments/{uuid}",
                "pb:can-i-deploy-pacticipant-version-to-tag": ask + "&to={tag}",
                "pb:can-i-deploy-pacticipant-version-to-environment": ask + "&environment={environment}",
            }
        links: dict[str, Any] = {name: {"href": self.url + p, "templated": "{" in p} for name, p in paths.items()}
        return 200, {"_links": {**links, "curies": [{"name": "pb", "href": self.url + "/doc/{rel}"}]}}, {}

    def publish(self, request: Seen) -> Reply:
        body = request.body
        missing = [key for key in ("pacticipantName", "pacticipantVersionNumber", "contracts") if not body.get(key)]
        if missing:
            return 400, {"errors": {key: ["is missing"] for key in missing}}, {}
        name, version = body["pacticipantName"], body["pacticipantVersionNumber"]
        if not version.isprintable():
            return 422, {"errors": {"pacticipantVersionNumber": ["cannot contain control characters"]}}, {}
        notices = [{"type": "debug", "text": f"Created {name} version {version}"}]
        for contract in body["contracts"]:
            content = json.loads(base64.b64decode(contract["content"], validate=True))
            key = (contract["consumerName"], contract["providerName"], version)
            if key[0] != name or content["consumer"]["name"] != name:
                return 400, {"errors": {"contracts": ["consumerName must match pacticipantName"]}}, {}
            changed = key in self.pacts and self.pacts[key] != content and contract.get("onConflict") != "merge"
            if changed and self.refuse_changes:
                text = f"Cannot change the content of the pact for {name} version {version} and provider {key[1]}."
                return 409, {"notices": [{"type": "error", "text": text}], "errors": {"contracts": [text]}}, {}
            self.pacts[key] = content
            text = f"Pact successfully published for {name} version {version} and provider {key[1]}."
            notices.append({"type": "success", "text": text})
        details = {key: body[key] for key in ("branch", "tags", "buildUrl") if key in body}
        self.versions.setdefault((name, version), {}).update(details)
        return 200, {"notices": notices, "_links": {}}, {}

    def pact(self, request: Seen, provider: str, consumer: str, version: str) -> Reply:
        key = (consumer, provider, version)
        if request.method == "GET":
            return (200, self.pacts[key], {}) if key in self.pacts else _missing()
        created = key not in self.pacts
        self.pacts[key] = request.body
        return 201 if created else 200, request.body, {}

    def tag(self, request: Seen, name: str, version: str, tag: str) -> Reply:
        self.versions.setdefault((name, version), {}).setdefault("tags", []).append(tag)
        return 201, {"name": tag}, {}

    def version(self, request: Seen, name: str, version: str) -> Reply:
        if (name, version) not in self.versions:
            return _missing()
        base = f"{self.url}{request.path}"
        links = {
            f"pb:record-{what}": [
                {"name": env, "href": f"{base}/{kind}/environment/{uuid}"} for uuid, env in self.environments.items()
            ]
            for what, kind in (("deployment", "deployed-versions"), ("release", "released-versions"))
        }
        return 200, {"number": version, "_links": links}, {}

    def record(self, request: Seen, name: str, version: str, kind: str, uuid: str) -> Reply:
        body = request.body or {}
        entry = {"uuid": f"d-{len(self.deployed)}", "kind": kind, "environment": uuid, "pacticipant": name}
        entry |= {"version": version, "applicationInstance": body.get("applicationInstance"), "current": True}
        self.deployed.append(entry)
        return 201, {"uuid": entry["uuid"]}, {"Location": f"{self.url}/{kind}/{entry['uuid']}"}

    def list_environments(self, request: Seen) -> Reply:
        items = [{"uuid": uuid, "name": name} for uuid, name in self.environments.items()]
        return 200, {"_embedded": {"environments": items}, "_links": {}}, {}

    def environment(self, request: Seen, uuid: str) -> Reply:
        base = f"{self.url}/environments/{uuid}"
        links = {
            "pb:currently-deployed-deployed-versions": {"href": f"{base}/deployed-versions/currently-deployed"},
            "pb:currently-supported-released-versions": {"href": f"{base}/released-versions/currently-supported"},
        }
        return 200, {"uuid": uuid, "name": self.environments[uuid], "_links": links}, {}

    def current(self, request: Seen, uuid: str, kind: str, _: str) -> Reply:
        wanted = {key: values[0] for key, values in request.query.items()}
        items = [
            {**entry, "_links": {"self": {"href": f"{self.url}/{kind}/{entry['uuid']}"}}}
            for entry in self.deployed
            if (entry["kind"], entry["environment"], entry["current"]) == (kind, uuid, True)
            and all(entry[key] == value for key, value in wanted.items())
        ]
        return 200, {"_embedded": {kind.replace("-v", "V"): items}}, {}

    def end(self, request: Seen, kind: str, uuid: str) -> Reply:
        flag = {"deployed-versions": "currentlyDeployed", "released-versions": "currentlySupported"}[kind]
        if request.headers.get("content-type") != "application/merge-patch+json" or request.body != {flag: False}:
            return 415, {"errors": {"body": ["must be a merge patch"]}}, {}
        next(entry for entry in self.deployed if entry["uuid"] == uuid)["current"] = False
        return 200, {"uuid": uuid, flag: False}, {}

    def deployable(self, request: Seen) -> Reply:
        query = {key: values[0] for key, values in request.query.items()}
        name = query.get("pacticipant") or query["q[][pacticipant]"]
        version = query.get("version") or query.get("q[][version]")
        known = [number for who, number in self.results if who == name]
        if not known:
            return 400, {"errors": [f"Pacticipant {name} not found"]}, {}
        version = version or known[-1]
        success = self.results.get((name, version))
        reason = {
            True: "All required verification results are published and successful",
            False: "A verification failed",
        }
        row = {
            "consumer": {"name": name, "version": {"number": version}},
            "provider": {"name": "Bar", "version": None if success is None else {"number": "7"}},
            "verificationResult": None if success is None else {"success": success},
        }
        counts = {"success": int(success is True), "failed": int(success is False), "unknown": int(success is None)}
        reason_text = reason.get(success, "There is no verified pact between them")
        summary = {"deployable": success, "reason": reason_text, **counts}
        for key, result in self.later[:1]:  # what the next question will find
            self.results[key] = result
        return 200, {"summary": summary, "matrix": [row], "notices": [{"type": "info", "text": reason_text}]}, {}


def _missing() -> Reply:
    return 404, {"error": {"message": "The requested document was not found on this server."}}, {}


_ROUTES: list[tuple[list[str], Callable[..., Reply]]] = [
    (path.split("/"), handle)
    for path, handle in {
        "": StandInBroker.index,
        "contracts/publish": StandInBroker.publish,
        "pacts/provider/*/consumer/*/version/*": StandInBroker.pact,
        "pacticipants/*/versions/*": StandInBroker.version,
        "pacticipants/*/versions/*/tags/*": StandInBroker.tag,
        "pacticipants/*/versions/*/*/environment/*": StandInBroker.record,
        "environments": StandInBroker.list_environments,
        "environments/*": StandInBroker.environment,
        "environments/*/*/*": StandInBroker.current,
        "can-i-deploy": StandInBroker.deployable,
        "matrix": StandInBroker.deployable,
        "*/*": StandInBroker.end,
    }.items()
]


class _Handler(BaseHTTPRequestHandler):
    broker: StandInBroker

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = json.loads(raw) if raw else None
        request = Seen(self.command, parts.path, parse_qs(parts.query), headers, body)
        self.broker.requests.append(request)
        status, answer, extra = self.broker.reply(request)
        kind = "text/html" if isinstance(answer, str) else "application/hal+json;charset=utf-8"
        payload = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
        self.send_response(status)
        for name, value in {"Content-Type": kind, **extra}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    do_GET = do_POST = do_PUT = do_PATCH = _answer  # noqa: N815

    def log_message(self, format: str, *arguments: Any) -> None:
        pass
