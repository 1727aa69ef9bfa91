import logging
import sys
import threading
from pathlib import Path

import pytest
from platforms import needs_fork

from pact_ffi.core import log_handlers as logging_setup
from pact_ffi.core import logs
from pact_ffi.core.library import ffi, has, lib
from pact_ffi.errors import InvalidInputError

sys.path.insert(0, str(Path(__file__).parent))
from process import SERVE, output, run  # noqa: E402

FAIL = """
from pact_ffi.core import logs
def fail():
    with logs.captured_errors() as errors:
        pact = lib.pactffi_new_pact(b"a", b"b")
        lib.pactffi_create_mock_server_for_transport(pact, b"no where", 0, b"http", ffi.NULL)
    return errors
"""

CALLBACKS = has("pactffi_register_log_callback")
HEADERS = """
import http.client
def call(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/?token=q-secret", headers={"Authorization": "Bearer h-secret", "Cookie": "c-secret"})
    connection.getresponse().read()
"""


def fail_to_serve(address: bytes = b"no where") -> int:
    pact = lib.pactffi_new_pact(b"consumer", b"provider")
    try:
        return int(lib.pactffi_create_mock_server_for_transport(pact, address, 0, b"http", ffi.NULL))
    finally:
        lib.pactffi_free_pact_handle(pact)


def test_an_error_of_the_core_is_captured() -> None:
    with logs.captured_errors() as errors:
        assert fail_to_serve() == -5
    assert len(errors) == 1 and "'no where'" in errors[0]


def test_nothing_is_captured_where_nothing_went_wrong() -> None:
    with logs.captured_errors() as errors:
        lib.pactffi_free_pact_handle(lib.pactffi_new_pact(b"consumer", b"provider"))
    assert errors == []


def test_errors_are_captured_by_the_thread_that_caused_them() -> None:
    found: dict[int, list[str]] = {}

    def work(number: int) -> None:
        with logs.captured_errors() as errors:
            for _ in range(20):
                fail_to_serve(f"no where {number}".encode())
        found[number] = errors

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    if CALLBACKS:  # the log buffer does not say which thread it was
        assert sum(len(errors) for errors in found.values()) == 80
        assert all(f"no where {n}'" in error for n, errors in found.items() for error in errors)


def test_an_inner_capture_does_not_hide_errors_from_the_outer() -> None:
    with logs.captured_errors() as outer, logs.captured_errors() as inner:
        fail_to_serve()
    assert outer == inner and len(inner) == 1


def test_an_exception_passes_through_a_capture() -> None:
    with pytest.raises(KeyError), logs.captured_errors():
        raise KeyError("mine")


def test_the_cores_messages_reach_the_logger_of_their_part(caplog: pytest.LogCaptureFixture) -> None:
    with logs.captured_errors():
        fail_to_serve()
    assert [(r.name, r.levelname) for r in caplog.records] == [("pact.pact_ffi.mock_server", "ERROR")]


@pytest.mark.skipif(not CALLBACKS, reason="the log buffer has one level for good")
def test_other_levels_come_when_a_logger_wants_them(caplog: pytest.LogCaptureFixture) -> None:
    port = lib.pactffi_create_mock_server_for_transport(
        lib.pactffi_new_pact(b"consumer", b"provider"), b"127.0.0.1", 0, b"http", ffi.NULL
    )
    import urllib.error
    import urllib.request

    def ask() -> None:
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/")

    logs.sync_level()
    ask()
    assert "Received request" not in caplog.text
    caplog.set_level(logging.INFO, "pact.pact_mock_server")
    logs.sync_level()
    ask()
    assert "Received request GET /" in caplog.text
    lib.pactffi_cleanup_mock_server(port)


def test_nothing_is_printed_without_being_asked_for() -> None:
    result = run(
        SERVE
        + """
from pact_ffi.core import logs
with logs.captured_errors() as errors:
    lib.pactffi_create_mock_server_for_transport(lib.pactffi_new_pact(b"a", b"b"), b"no where", 0, b"http", ffi.NULL)
assert errors
assert get(serve()) == 200
"""
    )
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_debug_is_complete_and_secrets_are_not_in_it() -> None:
    said = output(
        SERVE
        + HEADERS
        + """
import sys
from pact_ffi.core.log_handlers import log_to_stdout
from pact_ffi.core import logs
log_to_stdout("TRACE")
logs.sync_level()
call(serve())
logs.sync_level()
"""
    )
    assert "DEBUG pact.pact_m" in said
    assert "h-secret" not in said and "q-secret" not in said and "c-secret" not in said


def test_the_log_buffer_stands_in_where_callbacks_are_forbidden() -> None:
    said = output(
        SERVE
        + HEADERS
        + """
import logging, sys
from pact_ffi.core import logs
logs._new_callback = lambda: None
logging.basicConfig(level=logging.DEBUG, stream=sys.stdout)
with logs.captured_errors() as errors:
    lib.pactffi_create_mock_server_for_transport(lib.pactffi_new_pact(b"a", b"b"), b"no where", 0, b"http", ffi.NULL)
with logs.captured_errors() as none:
    call(serve())
print(errors, none)
"""
    )
    assert "Failed to parse 'no where'" in said.splitlines()[-1] and said.endswith("[]")
    assert "ERROR:pact.pact_ffi.mock_server:Failed to parse" in said
    assert "DEBUG:pact.pact_mock_server.hyper_server:Received connection" in said
    assert "h-secret" not in said and "q-secret" not in said


@needs_fork
def test_a_forked_childs_errors_are_captured_too() -> None:
    said = output(
        SERVE
        + FAIL
        + """
import os
assert fail()
child = os.fork()
if child == 0:
    os._exit(0 if fail() else 1)
print(os.waitpid(child, 0)[1])
"""
    )
    assert said == "0"


def test_logging_is_not_imported_for_nobody_and_heard_when_somebody_does() -> None:
    said = output(
        SERVE
        + FAIL
        + """
import sys
assert fail() and "logging" not in sys.modules
import logging
logging.basicConfig(stream=sys.stdout)
assert fail()
"""
    )
    assert said.startswith("ERROR:pact.pact_ffi.mock_server:") and len(said.splitlines()) == 1


def test_a_handler_that_raises_does_no_harm() -> None:
    said = output(
        SERVE
        + """
import logging
from pact_ffi.core import logs
class Broken(logging.Handler):
    def handle(self, record): raise ValueError("mine")
logging.getLogger("pact").addHandler(Broken())
with logs.captured_errors() as errors:
    lib.pactffi_create_mock_server_for_transport(lib.pactffi_new_pact(b"a", b"b"), b"no where", 0, b"http", ffi.NULL)
print(len(errors))
"""
    )
    assert said == "1"


def test_ctrl_c_in_a_callback_is_raised_after_the_call() -> None:
    said = output(
        SERVE
        + """
import logging
from pact_ffi.core import logs
class Interrupted(logging.Handler):
    def handle(self, record): raise KeyboardInterrupt
logging.getLogger("pact").addHandler(Interrupted())
try:
    with logs.captured_errors() as errors:
        lib.pactffi_create_mock_server_for_transport(
            lib.pactffi_new_pact(b"a", b"b"), b"no where", 0, b"http", ffi.NULL)
except KeyboardInterrupt:
    print("interrupted")
"""
    )
    assert said == "interrupted"


def test_the_process_ends_cleanly_while_servers_log() -> None:
    code = (
        SERVE
        + HEADERS
        + """
import logging, threading
from pact_ffi.core import logs
logging.getLogger("pact").setLevel(logging.DEBUG)
logs.sync_level()
port = serve()
def traffic():
    while True:
        try:
            call(port)
        except OSError:
            return
for _ in range(4):
    threading.Thread(target=traffic, daemon=True).start()
import time
time.sleep(0.3)
"""
    )
    for _ in range(5):
        result = run(code)
        assert result.returncode == 0, result.stderr


def test_a_capture_is_cheap() -> None:
    import time

    start = time.perf_counter()
    for _ in range(1000):
        with logs.captured_errors():
            pass
    assert (time.perf_counter() - start) / 1000 < 100e-6


@pytest.fixture
def pact_logger() -> "logging.Logger":
    logger = logging.getLogger("pact")
    yield logger  # type: ignore[misc]
    for kind in list(logging_setup._handlers):
        logger.removeHandler(logging_setup._handlers.pop(kind))
    logger.setLevel(logging.NOTSET)


def test_the_log_goes_to_a_file_once(tmp_path: Path, pact_logger: logging.Logger) -> None:
    file = tmp_path / "pact.log"
    logging_setup.log_to_file(file, "ERROR")
    logging_setup.log_to_file(file, "error")
    with logs.captured_errors():
        fail_to_serve()
    assert file.read_text().count("no where") == 1
    logging_setup.log_to_file(file, "OFF")
    with logs.captured_errors():
        fail_to_serve()
    assert file.read_text().count("no where") == 1


def test_the_log_is_kept_in_memory(pact_logger: logging.Logger) -> None:
    logging_setup.log_to_buffer(logging.WARNING)
    with logs.captured_errors():
        fail_to_serve()
    assert "ERROR pact.pact_ffi.mock_server: Failed" in logging_setup.fetch_log_buffer()
    assert logging_setup.fetch_log_buffer() == ""


@pytest.mark.parametrize("level", ["LOUD", "", -1, True, None])
def test_an_unknown_level_is_refused(level: object) -> None:
    with pytest.raises(InvalidInputError, match="is no log level; known are OFF, ERROR"):
        logging_setup.log_to_stderr(level)  # type: ignore[arg-type]


def test_a_core_that_keeps_its_level_says_which_core_can_change_it() -> None:
    said = run(
        """
        import logging
        from pact_ffi.core import library
        library.has = lambda name: False
        from pact_ffi.core import logs
        logs.sync_level()
        logging.basicConfig(level=logging.DEBUG)
        logs.sync_level()
        """
    ).stderr
    assert "set the level of logger 'pact' before the first pact" in said
    assert "to change it later needs core >= 0.5.10" in said
