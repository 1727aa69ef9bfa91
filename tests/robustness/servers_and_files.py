"""Mock servers, what is said while they run, and pact files on difficult disks."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cases import ask, document, file, free_port, http, interaction, new, refused, served, works, written

from pact import Pact


def _add_while_serving(tell: Any) -> Any:
    pact, story = new()
    with pact.serve(raises=False, verbose=False):
        return tell(pact, story)


@refused("running")
def an_interaction_while_serving() -> object:
    return _add_while_serving(lambda pact, story: pact.upon_receiving("late"))


@refused("running")
def a_status_while_serving() -> object:
    return _add_while_serving(lambda pact, story: story.will_respond_with(404))


@refused("running")
def a_header_while_serving() -> object:
    return _add_while_serving(lambda pact, story: story.with_header("X", "1"))


@refused("running")
def a_key_while_serving() -> object:
    return _add_while_serving(lambda pact, story: story.set_key("k"))


@refused("running")
def matching_rules_while_serving() -> object:
    rules = {"body": {"$": {"matchers": [{"match": "type"}]}}}
    return _add_while_serving(lambda pact, story: story.with_matching_rules(rules))


@refused("running")
def another_specification_while_serving() -> object:
    return _add_while_serving(lambda pact, story: pact.with_specification("V3"))


@works
def an_interaction_after_serving() -> None:
    pact, story = new()
    served(pact)
    story.with_header("X", "1")
    assert served(pact).headers["X"] == "1"


@refused("port", "-1")
def port_negative() -> object:
    return new()[0].serve(port=-1)


@refused("port", "65536")
def port_65536() -> object:
    return new()[0].serve(port=65536)


@refused("port", "'eighty'")
def port_as_text() -> object:
    return new()[0].serve(port="eighty")  # type: ignore[arg-type]


@refused("mock server", "in use")
def port_that_is_taken() -> object:
    with socket.create_server(("127.0.0.1", 0)) as listener, new()[0].serve("127.0.0.1", listener.getsockname()[1]):
        return None


@refused("no.such.host.invalid")
def host_that_does_not_exist() -> object:
    with new()[0].serve("no.such.host.invalid"):
        return None


@refused("NUL")
def host_with_nul() -> object:
    with new()[0].serve("a\0b"):
        return None


@refused("gopher")
def transport_that_does_not_exist() -> object:
    with new()[0].serve(transport="gopher"):
        return None


@refused("transport configuration")
def transport_config_that_is_no_json() -> object:
    return new()[0].serve(transport_config="{")


@refused("already running")
def a_server_entered_twice() -> object:
    with new()[0].serve(raises=False, verbose=False) as server, server:
        return None


@works
def a_stopped_server_is_asked() -> None:
    pact, _ = new()
    with pact.serve() as server:
        ask(server.port or 0)
    assert (server.matched, server.mismatches) == (True, [])
    server.stop()
    assert server.logs is not None
    assert str(server)
    server.report()


@refused("closed")
def a_closed_server_of_the_core() -> object:
    from pact_ffi.core.pact import PactHandle
    from pact_ffi.core.server import MockServer
    from pact_ffi.core.specification import PactSpecification

    server = MockServer(PactHandle("c", "p", PactSpecification.V4), "localhost", 0)
    server.close()
    server.close()
    return server.mismatches()


@refused("closed")
def a_closed_pact_of_the_core() -> object:
    from pact_ffi.core.pact import PactHandle
    from pact_ffi.core.specification import PactSpecification

    handle = PactHandle("c", "p", PactSpecification.V4)
    story = handle.interaction("HTTP", "x")
    handle.close()
    return story.status("200")


@works
def a_pact_with_messages_is_served() -> None:
    for _ in range(3):  # the core itself would lose all its servers for ever
        pact, _story = new()
        pact.upon_receiving("m", "Async").with_body({"a": 1})
        pact.upon_receiving("s", "Sync").with_body({"a": 1})
        served(pact)


@works
def a_pact_of_nothing_is_served() -> None:
    with Pact("c", "p").serve(raises=False, verbose=False) as server:
        assert ask(server.port or 0).status == 500
    assert not server.matched


@works
def a_client_that_sends_half_a_request() -> None:
    pact, _ = new()
    with pact.serve() as server, socket.create_connection(("localhost", server.port or 0)) as stuck:
        stuck.sendall(b"GET / HT")
        ask(server.port or 0)
    served(pact)


@works
def clients_that_send_rubbish() -> None:
    pact, _ = new()
    with pact.serve() as server:
        port = server.port or 0
        for rubbish in (b"\0" * 100, b"GET / HTTP/9.9\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n"):
            with socket.create_connection(("localhost", port), timeout=5) as client, contextlib.suppress(OSError):
                client.sendall(rubbish)
                client.shutdown(socket.SHUT_WR)
                client.recv(1000)
        ask(server.port or 0)


@works
def twenty_threads_with_all_of_their_own() -> None:
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for turn in range(3):
                pact = Pact(f"c{number}", "p")
                http(pact, f"{turn}", f"/{number}/{turn}").will_respond_with(200)
                served(pact, "GET", f"/{number}/{turn}")
                pact.write_file("out")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures
    assert len(list(Path("out").iterdir())) == 20


def _write() -> None:
    new()[0].write_file("out")


def _existing(content: Any) -> Path:
    return file(content, "out/consumer-provider.json")


def _left_alone(content: bytes) -> None:
    path = _existing(content)
    try:
        _write()
    finally:
        assert path.read_bytes() == content
        assert [each.name for each in path.parent.iterdir()] == [path.name]


@refused("consumer-provider.json", "left as it is")
def malformed_file() -> object:
    return _left_alone(b'{"consumer": {"name": "consumer"}, ')


@refused("consumer-provider.json", "left as it is")
def file_of_no_text() -> object:
    return _left_alone(b"\xff\xfe\x00\x01")


@refused("consumer-provider.json", "left as it is")
def file_with_an_array() -> object:
    return _left_alone(b"[]")


@refused("consumer-provider.json", "interactions")
def file_with_interactions_of_text() -> object:
    return _left_alone(json.dumps({**document(), "interactions": "x"}).encode())


@refused("consumer-provider.json", "interactions[0] must be an object, not 5")
def file_with_interactions_that_are_numbers() -> object:
    return _left_alone(json.dumps(document(5)).encode())


@refused("'other'", "'provider'")
def file_of_another_provider() -> object:
    return _left_alone(json.dumps(document(interaction(), provider="other")).encode())


@refused("two different", "a request")
def file_with_another_content_under_one_identity() -> object:
    pact, story = new()
    pact.write_file("out")
    other = Pact("consumer", "provider")
    http(other).will_respond_with(404)
    return other.write_file("out")


@refused("V4", "V3")
def file_of_a_newer_specification() -> object:
    new()[0].write_file("out")
    pact = Pact("consumer", "provider").with_specification("V3")
    http(pact, "other").will_respond_with(200)
    return pact.write_file("out")


@works
def a_link_is_followed() -> None:
    target = file(document(), "elsewhere/real.json")
    Path("out").mkdir()
    Path("out/consumer-provider.json").symlink_to(target.absolute())
    _write()
    assert Path("out/consumer-provider.json").is_symlink()
    assert len(json.loads(target.read_text())["interactions"]) == 1


@works
def a_link_to_nowhere() -> None:
    Path("out").mkdir()
    Path("out/consumer-provider.json").symlink_to(Path("real.json").absolute())
    _write()
    assert len(json.loads(Path("real.json").read_text())["interactions"]) == 1


@refused("cannot be written")
def a_link_in_circles() -> object:
    Path("out").mkdir()
    Path("out/consumer-provider.json").symlink_to("consumer-provider.json")
    return _write()


@refused("out", "cannot be written")
def a_folder_that_is_a_file() -> object:
    file(b"", "out")
    return _write()


@refused("consumer-provider.json", "cannot be written")
def a_file_that_is_a_folder() -> object:
    Path("out/consumer-provider.json").mkdir(parents=True)
    return _write()


@refused("5")
def a_folder_that_is_a_number() -> object:
    return new()[0].write_file(5)  # type: ignore[arg-type]


@refused("\\x00")
def a_folder_with_nul() -> object:
    return new()[0].write_file("a\0b")


@works
def a_folder_that_is_no_utf_8() -> None:
    folder = os.fsdecode(b"\xff\xfe")
    new()[0].write_file(folder)
    served(new()[0])  # the core itself would be poisoned


@contextlib.contextmanager
def _small_disk() -> Iterator[Path]:
    """A folder with room for 64 kB: a disk of its own, or where that may not be had, a limit on the size of files."""
    folder = Path("disk").absolute()
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    mounted = (
        shutil.which("mount") is not None and subprocess.run(mount, capture_output=True, check=False).returncode == 0
    )
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    if not mounted:
        resource.setrlimit(resource.RLIMIT_FSIZE, (65536, limits[1]))
    try:
        yield folder
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        if mounted:
            subprocess.run(["umount", folder], check=True)


@refused("cannot be written")
def a_full_disk() -> object:
    new()[0].write_file("elsewhere")  # loads what is needed
    pact = Pact("consumer", "provider")
    http(pact, "large").will_respond_with(200).with_body("".join(map(str, range(20_000))), "text/plain")
    text = pact.text()
    pact.text = lambda interactions=None: text  # type: ignore[method-assign] # the core's own file has room elsewhere
    with _small_disk() as folder:
        new()[0].write_file(folder)
        before = (folder / "consumer-provider.json").read_bytes()
        try:
            pact.write_file(folder)
        finally:
            assert (folder / "consumer-provider.json").read_bytes() == before
            assert [each.name for each in folder.iterdir()] == ["consumer-provider.json"]


@refused("cannot be written")
def a_folder_that_is_read_only() -> object:
    return new()[0].write_file("/proc/self")


@works
def two_interactions_of_one_description_and_two_states() -> None:
    pact = Pact("consumer", "provider")
    http(pact, path="/1").given("a").will_respond_with(200)
    http(pact, path="/2").given("b").will_respond_with(404)
    assert len(written(pact)["interactions"]) == 2


@works
def a_pact_of_nothing_is_written() -> None:
    Pact("c", "p").write_file("out")
    assert not Path("out").exists()


@works
def a_port_is_chosen_again_and_again() -> None:
    port, (pact, _) = free_port(), new()
    for _turn in range(20):
        with pact.serve("127.0.0.1", port) as server:
            assert server.port == port
            ask(port)
