"""A plugin for Pact: the content type ``application/x-labels`` and the transport ``lines``.

The core starts it as a process of its own, reads its port from the first line, and then speaks gRPC to it. Every
call is noted in ``calls.jsonl`` beside this file.
"""

import json
import os
import signal
import socketserver
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from socket import create_connection
from typing import Any

import grpc
import labels
from google.protobuf import struct_pb2
from google.protobuf.json_format import MessageToDict
from protocol import METHODS, PACKAGE, message

CONTENT_MATCHER, CONTENT_GENERATOR, TRANSPORT = range(3)


def struct(values: dict[str, Any]) -> struct_pb2.Struct:
    found = struct_pb2.Struct()
    found.update(values)
    return found


def of_struct(values: Any) -> dict[str, Any]:
    return MessageToDict(values)


def body(line: bytes) -> Any:
    return message("Body")(contentType=labels.CONTENT_TYPE, content={"value": line}, contentTypeHint=1)


def content_mismatch(path: str, expected: str, actual: str, text: str) -> Any:
    sides = {"expected": {"value": expected.encode()}, "actual": {"value": actual.encode()}}
    return message("ContentMismatch")(path=path, mismatch=text, **sides)


class LineServer(socketserver.ThreadingTCPServer):
    """A mock server: each line is a request, which it answers with the line of the interaction that fits."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, host: str, port: int, pact: dict[str, Any]) -> None:
        self.interactions = [each for each in pact["interactions"] if each["type"] == "Synchronous/Messages"]
        self.called: set[str] = set()
        self.wrong: list[tuple[str, list[tuple[str, str, str, str]]]] = []
        super().__init__((host, port), LineHandler)
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def answer(self, line: bytes) -> bytes:
        nearest: list[tuple[str, list[tuple[str, str, str, str]]]] = []
        for interaction in self.interactions:
            expected, rules = labels.of_pact(interaction["request"])
            found = labels.differences(expected, line, rules, more_allowed=False)
            if not found:
                self.called.add(interaction["description"])
                return labels.of_pact(interaction["response"][0])[0]
            nearest.append((interaction["description"], found))
        self.wrong.append(min(nearest, key=lambda each: len(each[1])))
        return b"error=" + self.wrong[-1][1][0][3].encode()

    def results(self) -> list[Any]:
        found = [
            message("MockServerResult")(path=name, mismatches=[content_mismatch(*each) for each in differences])
            for name, differences in self.wrong
        ]
        missing = [each["description"] for each in self.interactions if each["description"] not in self.called]
        return found + [message("MockServerResult")(path=name, error=f"{name!r} was not called") for name in missing]


class LineHandler(socketserver.StreamRequestHandler):
    """One connection of a client."""

    server: LineServer

    def handle(self) -> None:
        for line in self.rfile:
            self.wfile.write(self.server.answer(line.rstrip(b"\n")) + b"\n")


class Plugin:
    """The methods of the protocol."""

    def __init__(self) -> None:
        self.servers: dict[str, LineServer] = {}

    def InitPlugin(self, request: Any) -> Any:
        types = {"content-types": labels.CONTENT_TYPE}
        entries = [
            {"type": CONTENT_MATCHER, "key": "labels", "values": types},
            {"type": CONTENT_GENERATOR, "key": "labels", "values": types},
            {"type": TRANSPORT, "key": "lines"},
        ]
        return message("InitPluginResponse")(catalogue=entries)

    def UpdateCatalogue(self, request: Any) -> Any:
        return message("google.protobuf.Empty")()

    def ConfigureInteraction(self, request: Any) -> Any:
        config = of_struct(request.contentsConfig)
        parts = config if "request" in config else {"": config}
        interactions = []
        try:
            for name, wanted in parts.items():
                for one in wanted if isinstance(wanted, list) else [wanted]:
                    interactions.append(self._part(name, one))
        except labels.NotLabels as error:
            return message("ConfigureInteractionResponse")(error=str(error))
        pact = message("PluginConfiguration")(pactConfiguration=struct({"separator": ";"}))
        return message("ConfigureInteractionResponse")(interaction=interactions, pluginConfiguration=pact)

    def _part(self, name: str, config: dict[str, Any]) -> Any:
        line, rules, generators = labels.configured(config)
        made = message("InteractionResponse")(contents=body(line), partName=name)
        for path, rule in rules.items():
            values = struct({key: value for key, value in rule.items() if key != "match"})
            made.rules[path].rule.add(type=rule["match"]).values.CopyFrom(values)
        for path, generator in generators.items():
            made.generators[path].type = generator["type"]
            values = struct({key: value for key, value in generator.items() if key != "type"})
            made.generators[path].values.CopyFrom(values)
        made.pluginConfiguration.interactionConfiguration.CopyFrom(struct({"labels": sorted(config)}))
        return made

    def CompareContents(self, request: Any) -> Any:
        response = message("CompareContentsResponse")()
        if not request.actual.contentType.startswith(labels.CONTENT_TYPE):
            response.typeMismatch.expected, response.typeMismatch.actual = (
                labels.CONTENT_TYPE,
                request.actual.contentType,
            )
            return response
        rules = {
            path: {"match": each.rule[0].type, **of_struct(each.rule[0].values)} for path, each in request.rules.items()
        }
        sides = request.expected.content.value, request.actual.content.value
        try:
            found = labels.differences(*sides, rules, more_allowed=request.allow_unexpected_keys)
        except labels.NotLabels as error:
            return message("CompareContentsResponse")(error=str(error))
        for difference in found:
            response.results[difference[0]].mismatches.append(content_mismatch(*difference))
        return response

    def GenerateContent(self, request: Any) -> Any:
        generators = {path: of_struct(each.values) for path, each in request.generators.items()}
        line = labels.generated(request.contents.content.value, generators)
        return message("GenerateContentResponse")(contents=body(line))

    def StartMockServer(self, request: Any) -> Any:
        try:
            server = LineServer(request.hostInterface or "127.0.0.1", request.port, json.loads(request.pact))
        except OSError as error:
            return message("StartMockServerResponse")(error=str(error))
        key = str(uuid.uuid4())
        self.servers[key] = server
        host, port = server.server_address[:2]
        details = {"key": key, "port": port, "address": f"lines://{host}:{port}"}
        return message("StartMockServerResponse")(details=details)

    def GetMockServerResults(self, request: Any) -> Any:
        found = self.servers[request.serverKey].results()
        return message("MockServerResults")(ok=not found, results=found)

    def ShutdownMockServer(self, request: Any) -> Any:
        server = self.servers.pop(request.serverKey)
        server.shutdown()
        server.server_close()
        found = server.results()
        return message("ShutdownMockServerResponse")(ok=not found, results=found)

    def PrepareInteractionForVerification(self, request: Any) -> Any:
        line, _ = labels.of_pact(_interaction(request)["request"])
        return message("VerificationPreparationResponse")(interactionData={"body": body(line)})

    def VerifyInteraction(self, request: Any) -> Any:
        interaction, config = _interaction(request), of_struct(request.config)
        address = str(config.get("host") or "127.0.0.1"), int(config["port"])
        try:
            with create_connection(address, timeout=5) as connection:
                connection.sendall(request.interactionData.body.content.value + b"\n")
                actual = connection.makefile("rb").readline().rstrip(b"\n")
        except OSError as error:
            return message("VerifyInteractionResponse")(error=f"no answer from {address}: {error}")
        expected, rules = labels.of_pact(interaction["response"][0])
        found = labels.differences(expected, actual, rules, more_allowed=True)
        result = {
            "success": not found,
            "responseData": {"body": body(actual)},
            "mismatches": [{"mismatch": content_mismatch(*each)} for each in found],
            "output": [f"lines: {actual.decode()}"],
        }
        return message("VerifyInteractionResponse")(result=result)


def _interaction(request: Any) -> dict[str, Any]:
    interactions = json.loads(request.pact)["interactions"]
    return next(each for each in interactions if each.get("key") == request.interactionKey)


def handler(plugin: Plugin, name: str, calls: Path) -> grpc.RpcMethodHandler:
    """Return what gRPC calls for the method ``name``."""
    request_type, response_type = (message(each) for each in METHODS[name])
    method: Callable[[Any], Any] = getattr(plugin, name)

    def call(request: Any, context: grpc.ServicerContext) -> Any:
        with calls.open("a") as file:
            file.write(
                json.dumps({"time": time.time(), "pid": os.getpid(), "method": name, "request": MessageToDict(request)})
                + "\n"
            )
        return method(request)

    return grpc.unary_unary_rpc_method_handler(call, request_type.FromString, response_type.SerializeToString)


def main() -> None:
    """Serve until somebody ends this process; that the process of the core has gone, it does not notice."""
    plugin, calls = Plugin(), Path(__file__).with_name("calls.jsonl")
    server = grpc.server(ThreadPoolExecutor(8))
    methods = {name: handler(plugin, name, calls) for name in METHODS}
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(f"{PACKAGE}.PactPlugin", methods)])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    print(json.dumps({"port": port, "serverKey": str(uuid.uuid4())}), flush=True)
    server.wait_for_termination()


if __name__ == "__main__":
    main()
