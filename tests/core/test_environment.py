"""Variables that a verification needs otherwise are as before afterwards, however many verify."""

import os
import threading

import pytest
from platforms import needs_fork

from pact_ffi.core.environment import environment, for_verification

NAME = "PACT_FFI_TEST"


def test_a_variable_is_set_meanwhile_and_as_before_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    for before in (None, "before"):
        monkeypatch.setenv(NAME, before) if before else monkeypatch.delenv(NAME, raising=False)
        with pytest.raises(KeyError), environment({NAME: "meanwhile"}):
            assert os.environ[NAME] == "meanwhile"
            raise KeyError("mine")
        assert os.environ.get(NAME) == before


def test_the_last_of_several_threads_restores_it() -> None:
    inside = threading.Barrier(3)
    missing: list[str] = []

    def work(first: bool) -> None:
        with environment({NAME: "x"}):
            inside.wait()
            if first:
                return
            missing.extend([] if os.environ.get(NAME) == "x" else [NAME])

    threads = [threading.Thread(target=work, args=(number == 0,)) for number in range(3)]
    with environment({NAME: "x"}):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert os.environ[NAME] == "x"
    assert NAME not in os.environ and not missing


def test_a_change_made_by_somebody_else_meanwhile_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "before")
    with environment({NAME: "ours"}):
        os.environ[NAME] = "theirs"
    assert os.environ[NAME] == "theirs"


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@needs_fork
def test_a_forked_child_has_the_environment_as_it_was() -> None:
    with environment({NAME: "x"}), environment({NAME: "x"}):
        child = os.fork()
        if child == 0:
            os._exit(0 if NAME not in os.environ else 1)
        assert os.waitpid(child, 0)[1] == 0
        assert os.environ[NAME] == "x"


def test_proxies_are_told_to_leave_loopback_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    assert "NO_PROXY" not in for_verification()
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    assert for_verification()["NO_PROXY"] == "localhost,127.0.0.1,::1"
    monkeypatch.setenv("no_proxy", "example.org")
    assert for_verification()["NO_PROXY"] == "example.org,localhost,127.0.0.1,::1"


def test_a_machine_without_certificates_gets_those_of_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    import certifi

    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("pact_ffi.core.environment._has_certificates", lambda: False)
    assert for_verification()["SSL_CERT_FILE"] == certifi.where()
