"""The core's edges that no input reaches: functions that are never called, things released once, errors told apart."""

from __future__ import annotations

import ast
import gc
from pathlib import Path

import pytest

from pact_ffi.core import library
from pact_ffi.core.library import lib
from pact_ffi.core.matching import check_datetime
from pact_ffi.core.owned import Owned
from pact_ffi.core.pact import PactHandle
from pact_ffi.core.specification import PactSpecification
from pact_ffi.core.text import last_error
from pact_ffi.errors import CoreError, InvalidInputError, UsageError

ROOT = Path(__file__).parents[2]
# Keep the caller's memory, consume what they are given, abort on user data, or stop a process for good.
NEVER = (
    "set_contents", "set_request_contents", "set_response_contents", "message_with_contents", "match_message",
    "message_with_metadata", "provider_state_delete", "set_description", "check_regex", "logger_attach_sink",
    "logger_apply", "logger_init", "log_to_stdout", "log_to_stderr", "log_to_file", "pactffi_write_pact_file",
    "write_message_pact_file", "response_status\"", "with_header\"", "with_query_parameter\"", "add_directory_source",
    "pact_handle_to_pointer",
)  # fmt: skip


def called() -> set[str]:
    """The functions of the core that our code names."""
    found: set[str] = set()
    for path in (ROOT / "pact_ffi").rglob("*.py"):
        if path.name == "_cffi.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = (
                node.attr if isinstance(node, ast.Attribute) else node.value if isinstance(node, ast.Constant) else ""
            )
            if isinstance(name, str) and name.startswith("pactffi_"):
                found.add(f'{name}"')
    return found


def test_functions_that_keep_memory_or_end_the_process_are_never_called() -> None:
    names = called()
    assert len(names) > 50
    assert [name for name in names for never in NEVER if never in name] == []


def test_only_the_core_room_touches_the_library() -> None:
    outside = [
        path.name
        for path in (ROOT / "pact_ffi").rglob("*.py")
        if path.parent.name != "core" and "lib.pactffi_" in path.read_text(encoding="utf-8")
    ]
    assert outside == []


def test_what_the_core_gave_is_released_exactly_once(monkeypatch: pytest.MonkeyPatch) -> None:
    released: list[object] = []
    monkeypatch.setattr(library, "release", lambda made, function, raw: released.append(raw))
    thing = Owned("first", "pactffi_free_pact_handle")
    thing.close()
    thing.close()
    del thing
    gc.collect()
    Owned("second", "pactffi_free_pact_handle")
    gc.collect()
    assert released == ["first", "second"]


def test_a_closed_thing_never_reaches_the_core() -> None:
    handle = PactHandle("c", "p", PactSpecification.V4)
    story = handle.interaction("HTTP", "x")
    handle.close()
    for use in (
        lambda: handle.file_text(),
        lambda: handle.interaction("HTTP", "y"),
        lambda: handle.metadata("a", "b", "c"),
        lambda: story.status("200"),
        lambda: story.body("Request", None, "x"),
    ):
        with pytest.raises(UsageError, match="closed"):
            use()


def test_an_older_error_of_the_core_is_not_taken_for_a_new_one() -> None:
    assert check_datetime("yyyy-MM-dd", "never") is not None
    lib.pactffi_validate_datetime(b"x", b"yyyy")  # leaves its message behind
    assert check_datetime("yyyy-MM-dd", "2024-02-29") is None
    first = check_datetime("HH:mm", "never")
    assert first is not None
    assert "HH:mm" in first
    assert last_error() is None


def test_an_error_of_the_core_becomes_an_exception_with_its_reason() -> None:
    handle = PactHandle("c", "p", PactSpecification.V4)
    story = handle.interaction("HTTP", "x")
    with pytest.raises(CoreError, match="refused"):
        story.matching_rules("Request", '{"body": {"$.a[": {"matchers": [{"match": "type"}]}}}')
    with pytest.raises(InvalidInputError, match="NUL"):
        story.header("Request", "X", 0, "a\0b")


def test_a_pact_takes_thousands_of_interactions() -> None:
    from pact import Pact

    pact = Pact("c", "p")
    for number in range(2000):
        pact.upon_receiving(f"{number}").with_request("GET", f"/{number}").will_respond_with(200)
    assert pact.text().count('"description"') == 2000
