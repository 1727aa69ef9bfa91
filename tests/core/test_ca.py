import os
import threading

import pytest

from pact_ffi.core.ca import loopback_ca

NAMES = ("SSL_CERT_FILE", "SSL_CERT_DIR")


def environment() -> dict[str, str | None]:
    return {name: os.environ.get(name) for name in NAMES}


def test_a_small_store_is_there_meanwhile_and_the_environment_as_before_afterwards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_DIR", "/somewhere")
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    before = environment()
    with loopback_ca():
        file = os.environ["SSL_CERT_FILE"]
        assert "BEGIN CERTIFICATE" in open(file).read()
        assert "SSL_CERT_DIR" not in os.environ
    assert environment() == before
    assert not os.path.exists(file)


def test_an_exception_restores_the_environment() -> None:
    before = environment()
    with pytest.raises(KeyError), loopback_ca():
        raise KeyError("mine")
    assert environment() == before


def test_the_last_of_several_threads_restores_the_environment() -> None:
    before = environment()
    inside = threading.Barrier(3)
    missing: list[str] = []

    def work(first: bool) -> None:
        with loopback_ca():
            inside.wait()
            if first:
                return
        missing.extend(name for name in NAMES if environment()[name] != before[name])

    with loopback_ca():
        threads = [threading.Thread(target=work, args=(number == 0,)) for number in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert os.path.exists(os.environ["SSL_CERT_FILE"])
    assert environment() == before


def test_a_change_made_by_somebody_else_meanwhile_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/before")
    with loopback_ca():
        os.environ["SSL_CERT_FILE"] = "/theirs"
    assert os.environ["SSL_CERT_FILE"] == "/theirs"


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_child_has_the_environment_as_it_was() -> None:
    before = environment()
    with loopback_ca():
        file = os.environ["SSL_CERT_FILE"]
        child = os.fork()
        if child == 0:
            os._exit(0 if environment() == before else 1)
        assert os.waitpid(child, 0)[1] == 0
        assert os.path.exists(file)
