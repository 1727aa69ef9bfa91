"""The service that the suites talk about: a client, and a provider with states."""

import json
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class UserClient:
    def __init__(self, base):
        self.base = base

    def user(self, number):
        answer = requests.get(f"{self.base}/users/{number}", timeout=5)
        if answer.status_code == 404:
            return None
        answer.raise_for_status()
        return answer.json()

    def search(self, name):
        return requests.get(f"{self.base}/users", params={"name": name}, timeout=5).json()

    def create(self, name):
        answer = requests.post(f"{self.base}/users", json={"name": name}, timeout=5)
        answer.raise_for_status()
        return answer.json()["id"]


@contextmanager
def provider(broken=False):
    """A provider of users with a URL for states; yields its address, the states asked for, and a way to set one."""
    users, asked = {}, []

    class Handler(BaseHTTPRequestHandler):
        def answer(self, status, document=None):
            body = b"" if document is None else json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            path, _, query = self.path.partition("?")
            if path == "/users":
                return self.answer(200, [user for user in users.values() if user["name"] in query])
            user = users.get(path.rpartition("/")[2])
            return self.answer(200 if user else 404, user or {"error": "no such user"})

        def do_POST(self):
            document = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"null")
            if self.path == "/states":
                asked.append(document)
                set_state(document["state"], document)
                return self.answer(200, {})
            return self.answer(201, {"id": 2, "name": document["name"]})

        def log_message(self, *_):
            pass

    def set_state(name, details):
        users.clear()
        if name and "exists" in name:
            users["1"] = {"id": "one" if broken else 1, "name": "Ada", "roles": ["admin"], "since": "2020-01-31"}

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked, set_state
        finally:
            server.shutdown()
