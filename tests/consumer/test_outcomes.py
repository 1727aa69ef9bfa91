"""What becomes of a block whose requests did not match, and of a contract that nobody checked."""

from __future__ import annotations

import asyncio
import builtins
import os
import subprocess
import sys
import unittest
from collections.abc import Callable
from pathlib import Path

import pytest
from platforms import needs_fork

from pact import Pact
from pact.error import MismatchesError
from pact_ffi import PactWarning
from pact_ffi.consumer import unfinished

SCRIPT = """
import asyncio, atexit, sys, urllib.request
from pact import Pact
atexit.register(lambda: print("the other exit handler ran"))
pact = Pact("shop", "stock")
pact.upon_receiving("all items").with_request("GET", "/items").will_respond_with(200)
def get(server, path="/items"):
    urllib.request.urlopen(f"{server.url}{path}", timeout=5).close()
"""
SWALLOWED = {
    "sys.exit(0)": "with pact.serve() as server: sys.exit(0)",
    "sys.exit() that is caught": "try:\n with pact.serve(): sys.exit()\nexcept SystemExit: pass",
    "no stop": "server = pact.serve(); server.start()",
    "stop, and nobody asked": "server = pact.serve(); server.start(); server.stop()",
    "stop by an exit handler": "server = pact.serve(); server.start(); atexit.register(server.stop)",
    "no stop and nobody holds it": "pact.serve().start(); del pact",
    "Ctrl-C that is caught": "try:\n with pact.serve(): raise KeyboardInterrupt\nexcept KeyboardInterrupt: pass",
    "an error that is caught": "try:\n with pact.serve(): 1 / 0\nexcept ArithmeticError: pass",
    "an error in a thread": """
import threading
threading.excepthook = print
def test():
    with pact.serve(): 1 / 0
thread = threading.Thread(target=test); thread.start(); thread.join()
""",
    "a task that nobody awaits": """
async def main():
    async def test():
        async with pact.serve(): raise OSError
    asyncio.get_running_loop().set_exception_handler(print)
    task = asyncio.create_task(test()); await asyncio.sleep(0.05)
asyncio.run(main())
""",
    "a dropped generator": """
def served():
    with pact.serve() as server: yield server
next(served())
""",
    "a cancelled task": """
async def main():
    async def test():
        async with pact.serve(): await asyncio.sleep(9)
    task = asyncio.create_task(test()); await asyncio.sleep(0.05); task.cancel()
asyncio.run(main())
""",
}
MET = {
    "no stop": "server = pact.serve(); server.start(); get(server)",
    "stop, and asked": "server = pact.serve(); server.start(); server.stop(); print(server.matched)",
    "asked, and stop": "server = pact.serve(); server.start(); assert not server.matched; server.stop()",
    "asked, and no stop": "server = pact.serve(); server.start(); print(server.mismatches)",
    "stop, and reported": "server = pact.serve(); server.start(); server.stop(); print(server.report())",
    "stop, and not asked to raise": "server = pact.serve(raises=False); server.start(); server.stop()",
    "sys.exit(0)": "with pact.serve() as server: get(server); sys.exit(0)",
    "not asked to raise": "with pact.serve(raises=False): sys.exit(0)",
}


def run(code: str, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *options, "-c", SCRIPT + code]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, timeout=60)


@pytest.mark.parametrize("code", SWALLOWED.values(), ids=list(SWALLOWED))
def test_a_contract_that_was_not_met_fails_the_process_at_its_end(code: str, tmp_path: Path) -> None:
    done = run(code, tmp_path)
    assert done.returncode == 120, done.stderr
    assert "shop -> stock: Interaction 'all items' was never called" in done.stderr
    assert done.stderr.count("was never called") == 1
    assert done.stdout.endswith("the other exit handler ran\n")


@pytest.mark.parametrize("code", MET.values(), ids=list(MET))
def test_a_contract_that_was_met_does_not(code: str, tmp_path: Path) -> None:
    done = run(code, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("the other exit handler ran\n")


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("with pact.serve(): 1 / 0", 1),
        ("with pact.serve(): raise KeyboardInterrupt", -2),
        ("try:\n with pact.serve(): 1 / 0\nexcept ArithmeticError as error: raise RuntimeError from error", 1),
    ],
)
def test_an_error_that_ends_the_process_is_told_once(code: str, status: int, tmp_path: Path) -> None:
    done = run(code, tmp_path)
    assert done.returncode == status
    assert "The contract was not met" not in done.stderr
    assert done.stderr.count("was never called") == (sys.version_info >= (3, 11))


@pytest.mark.parametrize("closing", ["sys.stderr.close()", "sys.stderr = None", "sys.stdout = None"])
def test_it_fails_also_where_nothing_can_be_said(closing: str, tmp_path: Path) -> None:
    assert run(f"pact.serve().start(); {closing}", tmp_path).returncode == 120


@needs_fork
def test_a_forked_child_does_not_answer_for_its_parent(tmp_path: Path) -> None:
    code = """
import os
server = pact.serve(); server.start()
child = os.fork()
if not child:
    sys.exit(0)
get(server)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    done = run(code, tmp_path)
    assert (done.returncode, done.stdout.split("\n")[-3:]) == (0, ["0", "the other exit handler ran", ""]), done


@pytest.fixture
def hello() -> Pact:
    pact = Pact("c", "p")
    pact.upon_receiving("hello").with_request("GET", "/hello").will_respond_with(200)
    return pact


@pytest.mark.parametrize(
    "error", [ValueError("mine"), AssertionError("500 is not 200"), OSError(5, "broken")], ids=repr
)
def test_the_mismatch_is_raised_from_what_it_caused(hello: Pact, send, error: Exception) -> None:
    with pytest.raises(MismatchesError, match="GET /elsewhere") as caught, hello.serve() as server:
        send(server, "GET", "/elsewhere")
        raise error
    assert caught.value.__cause__ is error


UNCHANGED: list[BaseException] = [
    unittest.SkipTest("no"), pytest.skip.Exception("no"), pytest.fail.Exception("no"),
    pytest.exit.Exception("no"),
]  # fmt: skip


@pytest.mark.parametrize("error", UNCHANGED, ids=lambda error: type(error).__name__)
def test_what_ends_a_test_otherwise_passes_unchanged(hello: Pact, send, error: BaseException) -> None:
    with pytest.raises(type(error)) as caught, hello.serve() as server:
        send(server, "GET", "/elsewhere")
        raise error
    assert caught.value is error
    assert unfinished.finish_all() == []


@pytest.mark.parametrize("ask", [None, "/elsewhere"])
@pytest.mark.parametrize(
    "make", [KeyboardInterrupt, SystemExit, GeneratorExit, asyncio.CancelledError, ZeroDivisionError]
)
def test_what_was_not_met_is_told_where_its_error_was_caught(
    hello: Pact, send, make: type[BaseException], ask: str | None
) -> None:
    def go(error: BaseException) -> BaseException:
        with pytest.raises((make, MismatchesError)) as caught, hello.serve() as server:
            if ask:
                send(server, "GET", ask)
            raise error
        return caught.value

    first, second = go(make("first")), go(make("second"))
    unfinished.told(second)  # as pytest shows it
    problems = unfinished.finish_all()
    if isinstance(first, MismatchesError):
        assert problems == []
    else:
        assert len(problems) == 1
        assert "'hello' was never called" in problems[0] and f"{make.__name__} was raised and caught" in problems[0]


def test_who_asked_before_more_went_wrong_is_told_of_all(hello: Pact, send) -> None:
    server = hello.serve()
    server.start()
    assert not server.matched
    send(server, "GET", "/elsewhere")
    server.stop()
    (told,) = unfinished.finish_all()
    assert "GET /elsewhere was not expected" in told and "'hello' was never called" in told
    assert unfinished.finish_all() == []


def test_an_error_that_comes_of_another_one_tells_of_both(hello: Pact) -> None:
    def raised(then: Callable[[Exception], BaseException]) -> BaseException:
        with pytest.raises(BaseException) as caught:  # noqa: PT011
            try:
                with hello.serve():
                    raise ValueError
            except ValueError as error:
                raise then(error) from None
        return caught.value

    def caused(error: Exception) -> BaseException:
        other = KeyError()
        other.__cause__ = error
        return other

    several = [raised(lambda error: RuntimeError()), raised(caused)]
    if sys.version_info >= (3, 11):
        several.append(raised(lambda error: builtins.BaseExceptionGroup("several", [KeyError(), error])))
    for error in several:
        unfinished.told(error)
    assert unfinished.finish_all() == []


def test_an_error_before_any_request_stays_the_failure(hello: Pact) -> None:
    with pytest.raises(ZeroDivisionError) as caught, hello.serve():
        _ = 1 / 0
    unfinished.told(caught.value)
    assert sys.version_info < (3, 11) or "'hello' was never called" in caught.value.__notes__[0]


def test_nothing_is_raised_over_an_error_where_that_was_not_asked_for(hello: Pact, send) -> None:
    with pytest.raises(ValueError, match="mine"), hello.serve(raises=False) as server:
        send(server, "GET", "/elsewhere")
        raise ValueError("mine")


def test_a_server_that_nobody_needs_is_told() -> None:
    pact = Pact("c", "p")
    with pytest.warns(PactWarning, match="no HTTP interaction, so the mock server answers no request") as told:
        with pact.serve():
            pass
    assert told[0].filename == __file__


def test_an_address_is_known_before_the_start_only_where_the_port_was_chosen(hello: Pact) -> None:
    server = hello.serve()
    for asked in (lambda: server.url, lambda: str(server), lambda: server / "hello"):
        with pytest.raises(RuntimeError, match=r"no address before it starts; use it in the block of pact\.serve\(\)"):
            asked()
    assert repr(server) == "<PactServer: not started>"
    assert str(hello.serve(port=1234).url) == "http://localhost:1234"
