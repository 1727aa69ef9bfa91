"""When the file is written and what is in it: after failures, an interruption, a selection, and with xdist."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Suite, http_interaction

pytest_plugins = ["pytester"]
Lines = Callable[[pytest.RunResult], str]

THREE = """
    def test_one(consumer_pact, pact_server):
        customer(consumer_pact, 1)
        get(pact_server, "/customers/1")

    def test_two(consumer_pact, pact_server):
        customer(consumer_pact, 2)
        get(pact_server, "/customers/2")

    def test_other():
        pass
"""
NOW = ["a request for customer 1", "a request for customer 2"]
WITH_OLD = [*NOW, "an old request"]
XDIST = ("xdist.plugin",)


@pytest.fixture
def aged(suite: Suite) -> Suite:
    """A suite with a pact file of an earlier run, whose interaction no test has any more."""
    suite.file("tests/test_it.py", THREE)
    path = suite.path / "pacts" / "billing-service-customer-service.json"
    path.parent.mkdir()
    path.write_text(
        """{"consumer": {"name": "billing-service"}, "provider": {"name": "customer-service"}, "interactions": [
        {"type": "Synchronous/HTTP", "description": "an old request",
         "request": {"method": "GET", "path": "/"}, "response": {"status": 200}}],
        "metadata": {"pactSpecification": {"version": "4.0"}}}"""
    )
    os.utime(path, (time.time() - 60, time.time() - 60))
    return suite


@pytest.mark.parametrize("arguments", [[], ["tests"], ["-m", "not slow"], ["-n", "2"]], ids=" ".join)
def test_what_no_test_has_any_more_disappears_when_the_whole_suite_passed(aged: Suite, arguments: list[str]) -> None:
    aged.pytester.makeini("[pytest]\ntestpaths = tests\nmarkers = slow\n")
    aged.file("tests/test_slow.py", "import pytest\n@pytest.mark.slow\ndef test_slow(): pass\n", consumer=False)
    assert aged.run(*arguments, plugins=XDIST).ret == 0
    assert aged.descriptions() == NOW


@pytest.mark.parametrize(
    ("arguments", "added"),
    [
        (["-k", "one"], NOW[:1]),
        (["tests/test_it.py"], NOW),
        (["--deselect", "tests/test_it.py::test_two"], NOW[:1]),
        (["--ignore", "tests/test_more.py"], NOW),
        (["--lf"], NOW),
        (["-n", "2", "-k", "one"], NOW[:1]),
    ],
    ids=lambda value: " ".join(value),
)
def test_it_stays_when_only_some_tests_were_chosen(aged: Suite, arguments: list[str], added: list[str]) -> None:
    aged.file("tests/test_more.py", "def test_more(): pass\n", consumer=False)
    assert aged.run(*arguments, plugins=XDIST).ret == 0
    assert aged.descriptions() == sorted([*added, "an old request"])


@pytest.mark.parametrize(
    "more",
    [
        "def test_bad(): assert False",
        "@pytest.mark.skip\ndef test_more(consumer_pact): pass",
        "@pytest.mark.xfail\ndef test_more(consumer_pact): assert False",
        "pytest.skip('not here', allow_module_level=True)",
        "import nothing_of_this_name",
    ],
    ids=["failed", "skipped", "expected to fail", "module skipped", "not collected"],
)
def test_it_stays_when_something_did_not_run_or_failed(aged: Suite, more: str) -> None:
    aged.file("tests/test_more.py", more)
    aged.run("--continue-on-collection-errors")
    assert aged.descriptions() == WITH_OLD


def test_a_file_that_something_else_wrote_in_the_meantime_is_added_to(suite: Suite) -> None:
    suite.file(
        "test_it.py",
        THREE
        + """
    def test_classic():
        from pact import Consumer, Provider
        pact = Consumer("billing-service").has_pact_with(
            Provider("customer-service"), pact_dir="pacts", file_name="{consumer}-{provider}.json")
        pact.given("all is well").upon_receiving("a classic request").with_request("GET", "/").will_respond_with(200)
        with pact:
            import urllib.request
            urllib.request.urlopen(pact.uri).close()
    """,
    )
    assert suite.run().ret == 0
    assert suite.descriptions() == ["a classic request", *NOW]


def test_contents_that_a_test_has_changed_replace_those_of_earlier_runs(suite: Suite) -> None:
    code = """
        def test_it(consumer_pact, pact_server):
            consumer_pact.upon_receiving("a request").with_request("GET", "/").will_respond_with(STATUS)
            get(pact_server, "/")
        """
    for status in ("200", "201"):
        suite.file("test_it.py", code.replace("STATUS", status))
        assert suite.run("-W", "error", "-k", "it").ret == 0
        time.sleep(0.02)
    assert [each["response"]["status"] for each in suite.written()["interactions"]] == [201]


@pytest.mark.parametrize("workers", ["0", "2"])
def test_an_interrupted_run_writes_what_was_met_and_nothing_else(suite: Suite, workers: str) -> None:
    suite.file(
        "test_it.py",
        """
        import pathlib, time

        def test_one(consumer_pact, pact_server):
            customer(consumer_pact, 1)
            get(pact_server, "/customers/1")

        def test_unmet(consumer_pact, pact_server):
            customer(consumer_pact, 2)
            get(pact_server, "/customers/nobody")

        def test_interrupted(consumer_pact, pact_server):
            customer(consumer_pact, 3)
            get(pact_server, "/customers/3")
            time.sleep(0.5)
            pathlib.Path("waiting").touch()
            time.sleep(30)
        """,
    )
    command = [sys.executable, "-m", "pytest", "-p", "pact_ffi.pytest_plugin", "-p", "xdist.plugin"]
    process = subprocess.Popen(
        [*command, "-n", workers, "--dist", "loadfile", f"--rootdir={suite.path}"],
        cwd=suite.path,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    until = time.monotonic() + 30
    while not (suite.path / "waiting").exists() and time.monotonic() < until:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    output = process.communicate(timeout=30)[0].decode()
    assert process.returncode == 2, output
    assert suite.descriptions() == ["a request for customer 1"]
    assert "1 interaction written" in output


def test_two_hundred_tests_on_two_workers_are_all_in_the_file(suite: Suite, lines: Lines) -> None:
    suite.file(
        "test_it.py",
        """
        @pytest.mark.parametrize("number", range(200))
        def test_it(consumer_pact, pact_server, number):
            customer(consumer_pact, number)
            get(pact_server, f"/customers/{number}")

        @pytest.mark.parametrize("number", range(200, 210))
        def test_unmet(consumer_pact, pact_server, number):
            customer(consumer_pact, number)
            get(pact_server, "/nowhere")
        """,
    )
    result = suite.run("-n", "2", "-q", plugins=XDIST)
    result.assert_outcomes(passed=200, failed=10)
    assert suite.descriptions() == sorted(f"a request for customer {number}" for number in range(200))
    assert lines(result).count("200 interactions written") == 1
    assert "10 tests without a met contract" in lines(result)
    assert list((suite.path / "pacts").iterdir()) == [suite.path / "pacts" / "billing-service-customer-service.json"]


def test_a_worker_that_dies_takes_no_contract_with_it(suite: Suite) -> None:
    suite.file(
        "test_it.py",
        """
        def test_one(consumer_pact, pact_server):
            customer(consumer_pact, 1)
            get(pact_server, "/customers/1")

        def test_two_dies(consumer_pact, pact_server):
            import os
            customer(consumer_pact, 2)
            get(pact_server, "/customers/2")
            os._exit(1)

        def test_three(consumer_pact, pact_server):
            customer(consumer_pact, 3)
            get(pact_server, "/customers/3")
        """,
    )
    assert suite.run("-n", "1", plugins=XDIST).ret == 1
    assert suite.descriptions() == ["a request for customer 1", "a request for customer 3"]


@pytest.mark.parametrize("arguments", [[], ["-n", "1"]], ids=["alone", "in a worker"])
def test_a_classic_service_that_nobody_verified_fails_the_run(suite: Suite, lines: Lines, arguments: list[str]) -> None:
    suite.file(
        "test_it.py",
        """
        from pact import Consumer, Provider

        pact = Consumer("till").has_pact_with(Provider("bank"), pact_dir="pacts")

        def test_it():
            pact.given("money").upon_receiving("a payment").with_request("GET", "/pay").will_respond_with(200)
            pact.start_service()
            pact.setup()
        """,
        consumer=False,
    )
    result = suite.run(*arguments, plugins=XDIST)
    assert result.ret == 1
    assert "contracts not met" in lines(result) and "'a payment [money]' was never called" in lines(result)


def test_a_run_without_pacts_imports_nothing_of_the_library(suite: Suite) -> None:
    suite.file(
        "test_it.py",
        """
        import sys

        def test_it():
            rooms = ("core", "consumer", "provider", "classic", "match", "generate", "errors")
            small = {"pact_ffi.core", "pact_ffi.core.neighbours", "pact_ffi.consumer", "pact_ffi.consumer.unfinished"}
            found = {name for name in sys.modules if name.startswith(tuple(f"pact_ffi.{room}" for room in rooms))}
            assert found == small
            assert "_cffi_backend" not in sys.modules
        """,
        consumer=False,
    )
    result = suite.run()
    result.assert_outcomes(passed=1)
    assert " pact " not in result.stdout.str()


def test_the_installed_plugin_is_on_and_can_be_switched_off(suite: Suite) -> None:
    suite.file("test_it.py", THREE)
    suite.run_as_installed().assert_outcomes(passed=3)
    assert suite.descriptions() == NOW
    off = suite.run_as_installed("-p", "no:pact_ffi")
    off.assert_outcomes(passed=1, errors=2)
    assert "fixture 'consumer_pact' not found" in off.stdout.str()


def test_help_names_markers_options_and_settings(suite: Suite) -> None:
    shown = suite.run("--help").stdout.str()
    for name in (
        "--pact-dir",
        "--pact-report",
        "pact_consumer",
        "pact_provider",
        "pact_specification",
        "pact_directory",
    ):
        assert name in shown
    markers = suite.run("--markers").stdout.str()
    assert "@pytest.mark.pact(consumer" in markers and "@pytest.mark.pact_source(" in markers


def test_where_the_rest_of_the_command_line_leads_is_ours_to_write(suite: Suite, tmp_path: Path) -> None:
    """The report's path is relative to where pytest was called, the pact folder of the ini file to the root."""
    suite.file("deep/test_it.py", THREE)
    os.chdir(suite.path / "deep")
    assert suite.run(f"--rootdir={suite.path}", "--pact-report=out/report.html").ret == 0
    assert suite.descriptions() == NOW
    assert (suite.path / "deep/out/report.html").exists()


@pytest.mark.parametrize(
    ("ini", "environment", "conftest", "arguments"),
    [
        ("addopts = --ignore=tests/test_more.py", "", "", []),
        ("addopts = --ignore-glob=*more*", "", "", []),
        ("", "--ignore=tests/test_more.py", "", []),
        ("", "", "collect_ignore = ['tests/test_more.py']", []),
        ("", "", "collect_ignore_glob = ['*more*']", []),
        (
            "",
            "",
            "def pytest_ignore_collect(collection_path): return collection_path.name == 'test_more.py' or None",
            [],
        ),
        ("", "", "def pytest_collection_modifyitems(items): items[:] = items[:2]", []),
        ("", "", "", ["-o", "python_files=test_it.py"]),
        ("", "", "", ["-o", "python_functions=test_one test_two"]),
        ("", "--lf", "", []),
        ("", "", "", ["--stepwise"]),
        ("", "-k one", "", []),
        ("", "", "", ["-n", "2", "--ignore=tests/test_more.py"]),
    ],
    ids=lambda value: str(value)[:40],
)
def test_it_stays_when_it_is_not_certain_that_everything_was_collected(
    aged: Suite, ini: str, environment: str, conftest: str, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    aged.pytester.makeini(f"[pytest]\ntestpaths = tests\n{ini}\n")
    aged.file("conftest.py", conftest, consumer=False)
    aged.file("tests/test_more.py", THREE.replace("test_", "test_more_"))
    monkeypatch.setenv("PYTEST_ADDOPTS", environment)
    assert aged.run(*arguments, plugins=XDIST).ret == 0
    assert "an old request" in aged.descriptions()


SUBTESTS = {
    "unittest": """
        import unittest

        class TestIt(unittest.TestCase):
            @pytest.fixture(autouse=True)
            def given(self, consumer_pact, pact_server):
                self.pact, self.server = consumer_pact, pact_server

            def test_it(self):
                customer(self.pact, 1)
                get(self.server, "/customers/1")
                with self.subTest(number=1):
                    self.assertEqual(1, 2)
        """,
    "fixture": """
        def test_it(consumer_pact, pact_server, subtests):
            customer(consumer_pact, 1)
            get(pact_server, "/customers/1")
            with subtests.test("a part"):
                assert 1 == 2
        """,
}


@pytest.mark.parametrize("code", SUBTESTS.values(), ids=SUBTESTS.keys())
@pytest.mark.parametrize("fails", [True, False], ids=["failed", "passed"])
def test_a_failed_subtest_writes_nothing(suite: Suite, code: str, fails: bool) -> None:
    suite.file("test_it.py", code if fails else code.replace("1, 2", "1, 1").replace("1 == 2", "1 == 1"))
    assert suite.run().ret == fails
    assert suite.descriptions() == ([] if fails else ["a request for customer 1"])


@pytest.mark.parametrize("way", ["pass", "raise unittest.SkipTest('no')", "self.skipTest('no')", "raise SystemExit(0)"])
def test_a_unittest_that_did_not_pass_writes_nothing(suite: Suite, way: str) -> None:
    code = textwrap.dedent(SUBTESTS["unittest"]).replace("with self.subTest(number=1):", way)
    suite.file("test_it.py", code.replace("            self.assertEqual(1, 2)\n", ""))
    suite.run()
    assert suite.descriptions() == (["a request for customer 1"] if way == "pass" else [])


MISUSED = {
    "function": "@pytest.mark.pact(consumer='a', provider='b')\ndef test_it(): pass",
    "source": "@pytest.mark.pact_source('pacts')\ndef test_it(): pass",
    "class": "@pytest.mark.pact(consumer='a')\nclass TestIt:\n    def test_it(self): pass",
    "module": "pytestmark = pytest.mark.pact_source('pacts')\ndef test_it(): pass",
}


@pytest.mark.parametrize("code", MISUSED.values(), ids=MISUSED.keys())
def test_a_marker_without_its_fixture_is_an_error(suite: Suite, lines: Lines, code: str) -> None:
    suite.pact(http_interaction(1))
    suite.file("test_it.py", f"import pytest\n{code}\n", consumer=False)
    result = suite.run()
    result.assert_outcomes(errors=1)
    assert "does nothing: no test below it takes the fixture" in lines(result)


def test_a_marker_of_somebody_elses_is_left_alone(suite: Suite) -> None:
    code = "import pytest\npytestmark = pytest.mark.pact\ndef test_it(): pass\n"
    suite.file("test_it.py", code, consumer=False)
    suite.run().assert_outcomes(passed=1)


PLAIN = """
import urllib.error
import urllib.request

import pytest
from pact import Consumer, Pact, Provider

@pytest.fixture
def pact():
    pact = Pact("till", "bank")
    pact.upon_receiving("a payment").with_request("GET", "/pay").will_respond_with(200)
    return pact

@pytest.fixture
def classic():
    pact = Consumer("till").has_pact_with(Provider("bank"), port=0, pact_dir="pacts")
    return pact.upon_receiving("a payment").with_request("GET", "/pay").will_respond_with(200)

def stopped(pact):
    server = pact.serve()
    server.start()
    server.stop()

def broken(pact):
    with pact.serve():
        1 / 0

def caught(pact):
    with pytest.raises(ZeroDivisionError):
        broken(pact)

@pytest.mark.filterwarnings("ignore")
"""
UNSEEN = {
    "an error that is caught": "def test_it(pact): caught(pact)",
    "Ctrl-C that is caught": """
def test_it(pact):
    with pytest.raises(KeyboardInterrupt), pact.serve():
        raise KeyboardInterrupt
""",
    "an error in a thread": """
def test_it(pact):
    import threading
    thread = threading.Thread(target=broken, args=[pact])
    thread.start()
    thread.join()
""",
    "an error in a thread pool": """
def test_it(pact):
    from concurrent.futures import ThreadPoolExecutor
    with ThreadPoolExecutor() as pool:
        pool.submit(broken, pact)
""",
    "a server that is stopped": "def test_it(pact): stopped(pact)",
    "a classic pact that never runs": "def test_it(classic): pass",
    "a classic block": """
def test_it(classic):
    with pytest.raises(urllib.error.HTTPError), classic:
        urllib.request.urlopen(classic.uri + "/elsewhere")
""",
    "our fixture": """
@pytest.mark.pact(consumer="till", provider="bank")
def test_it(consumer_pact):
    consumer_pact.upon_receiving("a payment").with_request("GET", "/pay").will_respond_with(200)
    caught(consumer_pact)
""",
}
SEEN = {
    "an error": "def test_it(pact): broken(pact)",
    "a subtest's error": "def test_it(pact, subtests):\n    with subtests.test(): broken(pact)",
    "an error in a fixture": "@pytest.fixture\ndef used(pact): broken(pact)\ndef test_it(used): pass",
    "an error in a teardown": "@pytest.fixture\ndef used(pact):\n    yield\n    broken(pact)\ndef test_it(used): pass",
    "an error after others": "def test_it(pact):\n    caught(pact)\n    caught(pact)\n    assert False",
    "an expected failure": "@pytest.mark.xfail\ndef test_it(pact): broken(pact)",
    "a skip": "def test_it(pact):\n    with pact.serve(): pytest.skip()",
    "an assertion of unittest": """
import unittest
class TestIt(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def given(self, pact): self.pact = pact
    def test_it(self): broken(self.pact)
    def test_skip(self):
        with self.pact.serve(): raise unittest.SkipTest
""",
}


@pytest.mark.parametrize("arguments", [[], ["-n", "1"]], ids=["alone", "in a worker"])
@pytest.mark.parametrize("code", UNSEEN.values(), ids=list(UNSEEN))
def test_what_was_not_met_and_nobody_saw_fails_the_run(
    suite: Suite, lines: Lines, code: str, arguments: list[str]
) -> None:
    suite.file("test_it.py", PLAIN + code, consumer=False)
    result = suite.run(*arguments, plugins=XDIST)
    result.assert_outcomes(passed=1)
    assert result.ret == 1
    told = lines(result).split("contracts not met")[1]
    assert told.count("till -> bank: ") == 1 and "a payment" in told
    if "caught" in told:
        assert "(in test_it.py::test_it (call); " in told


@pytest.mark.parametrize("code", SEEN.values(), ids=list(SEEN))
def test_what_was_not_met_in_a_test_that_did_not_pass_is_told_there(suite: Suite, lines: Lines, code: str) -> None:
    suite.file("test_it.py", PLAIN + code, consumer=False)
    assert "contracts not met" not in lines(suite.run())


CONTRADICTING = {
    "write_file": """
        pact = Pact("till", "bank")
        pact.upon_receiving("same").with_request("GET", "/").will_respond_with(200).with_body({"number": number})
        pact.write_file("pacts")
""",
    "write_file with overwrite": """
        pact = Pact("till", "bank")
        pact.upon_receiving("same").with_request("GET", "/").will_respond_with(200).with_body({"number": number})
        pact.write_file("pacts", overwrite=True)
""",
    "a session": """
        with Session():
            pact = Pact("till", "bank")
            pact.upon_receiving("same").with_request("GET", "/").will_respond_with(200).with_body({"number": number})
            pact.write_file("pacts")
""",
    "a message": """
        pact = MessageConsumer("till").has_pact_with(Provider("bank"), pact_dir="pacts")
        with pact.expects_to_receive("same").with_content({"number": number}):
            pass
""",
    "fixtures": """
        consumer_pact.upon_receiving("same", "Async").with_body({"number": number})
        consumer_pact.verify(print, "Async")
""",
}


@pytest.mark.parametrize("code", CONTRADICTING.values(), ids=list(CONTRADICTING))
def test_workers_that_contradict_each_other_fail_the_run(suite: Suite, lines: Lines, code: str) -> None:
    head = """
import pathlib, pytest, time
from pact import MessageConsumer, Pact, Provider
from pact_ffi import Session

@pytest.mark.pact(consumer="till", provider="bank")
class TestIt:
    @pytest.mark.parametrize("number", [1, 2])
    def test_it(self, consumer_pacts, number, worker_id):
        pathlib.Path(worker_id).touch()
        while len(list(pathlib.Path().glob("gw?"))) < 2:  # one for each worker
            time.sleep(0.01)
        consumer_pact = consumer_pacts() if NEEDED else None
"""
    suite.file("test_it.py", head.replace("NEEDED", str("consumer_pact." in code)) + code, consumer=False)
    result = suite.run("-n", "2", plugins=XDIST)
    assert result.ret == 1
    assert "two different contents for one interaction in " in lines(result)


def test_a_worker_does_not_overwrite_what_another_one_wrote(suite: Suite) -> None:
    suite.file(
        "test_it.py",
        """
        import pathlib, pytest, time, urllib.request
        from pact import Consumer, Provider

        @pytest.fixture(scope="module")
        def pact(worker_id):
            pathlib.Path(worker_id).touch()
            while len(list(pathlib.Path().glob("gw?"))) < 2:
                time.sleep(0.01)
            pact = Consumer("till").has_pact_with(Provider("bank"), port=0, pact_dir="pacts")
            pact.start_service()
            yield pact
            pact.stop_service()

        @pytest.mark.parametrize("number", range(6))
        def test_it(pact, number):
            pact.upon_receiving(f"payment {number}").with_request("GET", f"/{number}").will_respond_with(200)
            with pact:
                urllib.request.urlopen(f"{pact.uri}/{number}").close()
        """,
        consumer=False,
    )
    suite.file(
        "pacts/till-bank.json",
        """{"consumer": {"name": "till"}, "provider": {"name": "bank"}, "interactions": [
        {"type": "Synchronous/HTTP", "description": "an old payment", "pending": false,
         "request": {"method": "GET", "path": "/"}, "response": {"status": 200}}],
        "metadata": {"pactSpecification": {"version": "4.0"}}}""",
        consumer=False,
    )
    suite.run("-n", "2", plugins=XDIST).assert_outcomes(passed=6)
    assert suite.descriptions("till-bank") == [f"payment {number}" for number in range(6)]


AT_IMPORT = {
    "a classic pact": "pact.given('money').upon_receiving('a payment').with_request('GET', '/').will_respond_with(200)",
    "half of one": "pact.upon_receiving('a payment')",
    "a message": "messages.expects_to_receive('a payment').with_content({'a': 1})",
    "a server": "server = modern.serve(); server.start()",
}


@pytest.mark.parametrize(
    ("arguments", "status"),
    [([], 1), (["-k", "test_it"], 1), (["-k", "other"], 0), (["--collect-only"], 0), (["-n", "1", "-k", "other"], 0)],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
@pytest.mark.parametrize("code", AT_IMPORT.values(), ids=list(AT_IMPORT))
def test_what_a_module_describes_is_judged_where_all_of_its_tests_run(
    suite: Suite, code: str, arguments: list[str], status: int
) -> None:
    head = """
from pact import Consumer, MessageConsumer, Pact, Provider
pact = Consumer("till").has_pact_with(Provider("bank"), port=0)
messages = MessageConsumer("till").has_pact_with(Provider("bank"))
modern = Pact("till", "bank")
modern.upon_receiving("a payment").with_request("GET", "/").will_respond_with(200)
"""
    suite.file("test_it.py", f"{head}{code}\ndef test_it(): pass\n", consumer=False)
    suite.file("test_more.py", "def test_other(): pass\n" if "other" in arguments else "", consumer=False)
    assert suite.run(*arguments, plugins=XDIST).ret == status


def test_docstrings_of_a_module_with_a_marker_are_run(suite: Suite) -> None:
    suite.file(
        "test_it.py",
        """
        def double(number):
            \"\"\"
            >>> double(2)
            4
            \"\"\"
            return 2 * number

        def test_it(consumer_pact, pact_server):
            customer(consumer_pact, 1)
            get(pact_server, "/customers/1")
        """,
    )
    suite.run("--doctest-modules").assert_outcomes(passed=2)
    assert suite.descriptions() == ["a request for customer 1"]


REPLACED = {
    "open": "monkeypatch.setattr(builtins, 'open', None)",
    "JSON": "monkeypatch.setattr(json, 'loads', None)",
    "the process": "monkeypatch.setattr(os, 'getpid', lambda: 1)",
    "the clocks": "[monkeypatch.setattr(time, name, lambda: 0) for name in ('time', 'time_ns', 'monotonic')]",
    "the folder": "monkeypatch.chdir('/')",
    "the environment": "[monkeypatch.delenv(name) for name in list(os.environ)]",
}


@pytest.mark.parametrize("code", REPLACED.values(), ids=list(REPLACED))
def test_what_a_test_replaces_for_its_own_length_does_not_harm(suite: Suite, code: str) -> None:
    head = """
import builtins, os, time

def test_it(consumer_pact, pact_server, monkeypatch):
    customer(consumer_pact, 1)
    get(pact_server, "/customers/1")
"""
    suite.file("test_it.py", f"{head}    {code}\n")
    suite.run().assert_outcomes(passed=1)
    assert suite.descriptions() == ["a request for customer 1"]
