"""The classic mock service with a certificate of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import requests

from pact import Consumer, Provider

# made for these tests, for localhost, valid until 2126
CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBmDCCAT6gAwIBAgIUS2ySJXw+DfHnlANk/he8IOAJeecwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjE4MjMyNVoYDzIxMjYxMDI5
MTgyMzI1WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQU77HwlmWyG8jw5NNUknVkStnE703+/rQYPgxNENf2UScfnAkRNUt1
IaW9MCRvcGB5nLqLX21aQdKvD2tXqxk3o2wwajAdBgNVHQ4EFgQUIvhckZCt+nJ6
GITnOwZWW2w5zv0wHwYDVR0jBBgwFoAUIvhckZCt+nJ6GITnOwZWW2w5zv0wGgYD
VR0RBBMwEYIJbG9jYWxob3N0hwR/AAABMAwGA1UdEwEB/wQCMAAwCgYIKoZIzj0E
AwIDSAAwRQIhAP3ofghI2FLnuRfOkE7DOJRkEyXeDMAAEhNq0he5wxzIAiBkMHaF
d0wxpVxfmFgdGfIXU9f+bXmv5js1B3MBLs8rXA==
-----END CERTIFICATE-----
"""
KEY = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgduAhotE9z+p0wMv9
aGAbRjCQVL4KSKzmfeb9tzF37D6hRANCAAQU77HwlmWyG8jw5NNUknVkStnE703+
/rQYPgxNENf2UScfnAkRNUt1IaW9MCRvcGB5nLqLX21aQdKvD2tXqxk3
-----END PRIVATE KEY-----
"""


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "cert.pem").write_text(CERTIFICATE)
    (tmp_path / "key.pem").write_text(KEY)
    return {"sslcert": str(tmp_path / "cert.pem"), "sslkey": str(tmp_path / "key.pem")}


def served(folder: Path, **options: Any) -> Any:
    return Consumer("c").has_pact_with(Provider("p"), port=0, ssl=True, pact_dir=str(folder), **options)


def test_it_is_the_one_that_clients_see(files: dict[str, str], tmp_path: Path) -> None:
    pact = served(tmp_path / "pacts", **files)
    pact.start_service()
    try:
        for path in ("/a", "/b"):
            pact.upon_receiving(path).with_request("get", path).will_respond_with(200, body={"path": path})
            with pact:
                answer = requests.get(pact.uri + path, verify=files["sslcert"])
                assert answer.json() == {"path": path}
    finally:
        pact._clear()
        pact.stop_service()


def test_mismatches_are_found_behind_it(files: dict[str, str], tmp_path: Path) -> None:
    pact = served(tmp_path / "pacts", **files)
    pact.start_service()
    try:
        pact.upon_receiving("a").with_request("get", "/a").will_respond_with(200)
        with pytest.raises(AssertionError, match="GET /b was not expected"):
            with pact:
                assert requests.get(f"{pact.uri}/b", verify=files["sslcert"]).status_code == 500
    finally:
        pact._clear()
        pact.stop_service()


@pytest.mark.parametrize("name", ["sslcert", "sslkey"])
def test_a_missing_file_is_named(files: dict[str, str], tmp_path: Path, name: str) -> None:
    missing = str(tmp_path / "nothing.pem")
    with pytest.raises((ValueError, OSError, RuntimeError), match=r"nothing\.pem"):
        served(tmp_path / "pacts", **{**files, name: missing}).start_service()
