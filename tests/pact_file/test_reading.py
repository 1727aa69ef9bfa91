"""Reading pact files: which files of a folder are pacts, which pacts are for a provider."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pact_ffi.errors import PactFileError, PactWarning
from pact_ffi.pact_file.reading import find_pact, read_pact, read_pacts, read_pacts_for

INTERACTION = {"description": "d", "request": {"method": "GET", "path": "/"}, "response": {"status": 200}}


def pact(provider: str = "stock") -> dict[str, Any]:
    return {"consumer": {"name": "shop"}, "provider": {"name": provider}, "interactions": [INTERACTION]}


def write(folder: Path, name: str, content: Any) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("document", "missing"),
    [
        ({"provider": {"name": "stock"}, "interactions": [INTERACTION]}, "consumer is missing"),
        ({"consumer": {"name": "shop"}, "messages": []}, "provider is missing"),
        ({"interactions": [INTERACTION], "metadata": {}}, "consumer is missing"),
        ({"Consumer": {"name": "shop"}, "provider": {"name": "stock"}, "interactions": []}, "consumer is missing"),
        ({"consumer": {"name": "shop"}, "provider": {"name": "stock"}}, "neither 'interactions' nor 'messages'"),
    ],
)
def test_a_pact_in_a_folder_that_lacks_something_is_named(tmp_path: Path, document: Any, missing: str) -> None:
    write(tmp_path, "right.json", pact())
    file = write(tmp_path, "wrong.json", document)
    with pytest.raises(PactFileError) as caught:
        read_pacts(tmp_path)
    assert str(file) in str(caught.value) and missing in str(caught.value)


@pytest.mark.parametrize("other", [{"name": "shop"}, {"messages": ["a"]}, {"provider": "x"}, [], 5, {"metadata": {}}])
def test_other_json_in_a_folder_is_left_alone(tmp_path: Path, other: Any) -> None:
    write(tmp_path, "other.json", other)
    write(tmp_path, "right.json", pact())
    assert [document.consumer for document in read_pacts(tmp_path)] == ["shop"]


def test_a_folder_is_filtered_and_a_file_is_not(tmp_path: Path) -> None:
    write(tmp_path, "a.json", pact())
    other = write(tmp_path, "b.json", pact("till"))
    assert [document.provider for document in read_pacts_for("stock", [(tmp_path, False)])] == ["stock"]
    with pytest.raises(
        PactFileError, match="no pact for provider 'nobody' in folder .*; it has pacts for 'stock', 'till'"
    ):
        read_pacts_for("nobody", [(tmp_path, False)])
    with pytest.warns(PactWarning, match="is for provider 'stock', and pact file .*b.json is for 'till'"):
        assert [document.provider for document in read_pacts_for("stock", [(other, False)])] == ["till"]


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(PactFileError, match="cannot read pact file .*missing.json: No such file"):
        read_pact(tmp_path / "missing.json")
    with pytest.raises(PactFileError, match="cannot read pact file .*: (Is a directory|Permission denied)"):
        read_pact(tmp_path)


def test_a_similar_name_is_found(tmp_path: Path) -> None:
    file = write(tmp_path, "billing_service-api.json", pact())
    assert find_pact(tmp_path / "Billing Service-Api.json") == file
    with pytest.raises(PactFileError, match="no pact file .*x.json; .* has billing_service-api.json"):
        find_pact(tmp_path / "x.json")
    write(tmp_path, "billing-service-api.json", pact())
    with pytest.raises(
        PactFileError, match="several have a similar name, say which: billing-service-api.json, billing_"
    ):
        find_pact(tmp_path / "Billing Service-Api.json")
