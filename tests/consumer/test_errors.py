"""Exceptions and mismatches: their tree, what they carry, how they print."""

from __future__ import annotations

import pickle
import re
from typing import Any

import pytest

from pact import error
from pact.error import (
    BodyMismatch,
    BodyTypeMismatch,
    GenericMismatch,
    HeaderMismatch,
    InteractionVerificationError,
    MetadataMismatch,
    MethodMismatch,
    Mismatch,
    MismatchesError,
    MissingRequest,
    PactError,
    PactVerificationError,
    PathMismatch,
    QueryMismatch,
    RequestMismatch,
    RequestNotFound,
    StatusMismatch,
    TransportMismatch,
)

# the core's JSON, class, attributes
CASES = [
    (
        {"type": "missing-request", "method": "GET", "path": "/a", "request": {"method": "GET"}},
        MissingRequest,
        {"method": "GET", "path": "/a", "request": {"method": "GET"}},
    ),
    (
        {"type": "request-not-found", "method": "GET", "path": "/a", "request": {}},
        RequestNotFound,
        {"method": "GET", "path": "/a", "request": {}},
    ),
    (
        {"type": "MethodMismatch", "expected": "GET", "actual": "PUT", "mismatch": "no"},
        MethodMismatch,
        {"expected": "GET", "actual": "PUT"},
    ),
    (
        {"type": "PathMismatch", "expected": "/a", "actual": "/b", "mismatch": "no"},
        PathMismatch,
        {"expected": "/a", "actual": "/b", "mismatch": "no"},
    ),
    (
        {"type": "StatusMismatch", "expected": 200, "actual": 500, "mismatch": "no"},
        StatusMismatch,
        {"expected": 200, "actual": 500, "mismatch": "no"},
    ),
    (
        {"type": "QueryMismatch", "parameter": "q", "expected": "1", "actual": "2", "mismatch": "no"},
        QueryMismatch,
        {"parameter": "q", "expected": "1", "actual": "2", "mismatch": "no"},
    ),
    (
        {"type": "HeaderMismatch", "key": "X", "expected": "1", "actual": "2", "mismatch": "no"},
        HeaderMismatch,
        {"key": "X", "expected": "1", "actual": "2", "mismatch": "no"},
    ),
    (
        {"type": "MetadataMismatch", "key": "k", "expected": "1", "actual": "2", "mismatch": "no"},
        MetadataMismatch,
        {"key": "k", "expected": "1", "actual": "2", "mismatch": "no"},
    ),
    (
        {
            "type": "BodyTypeMismatch",
            "expected": "a/b",
            "actual": "c/d",
            "mismatch": "no",
            "expectedBody": "1",
            "actualBody": "2",
        },
        BodyTypeMismatch,
        {"expected": "a/b", "actual": "c/d", "mismatch": "no", "expected_body": "1", "actual_body": "2"},
    ),
    (
        {"type": "BodyMismatch", "path": "$.a", "expected": "1", "actual": "2", "mismatch": "no"},
        BodyMismatch,
        {"path": "$.a", "expected": "1", "actual": "2", "mismatch": "no"},
    ),
]


@pytest.mark.parametrize(("data", "kind", "attributes"), CASES, ids=[case[1].__name__ for case in CASES])
def test_mismatches_from_the_cores_json(data, kind, attributes) -> None:
    mismatch = Mismatch.from_dict(data)
    assert type(mismatch) is kind
    assert isinstance(mismatch, Mismatch)
    assert mismatch.type == kind.__name__
    assert {name: getattr(mismatch, name) for name in attributes} == attributes
    assert str(mismatch)
    assert mismatch == Mismatch.from_dict(data)


def test_a_request_mismatch_has_mismatches() -> None:
    mismatch = Mismatch.from_dict(
        {
            "type": "request-mismatch",
            "method": "GET",
            "path": "/a",
            "mismatches": [
                {"type": "QueryMismatch", "parameter": "q", "expected": "1", "actual": "2", "mismatch": "x"}
            ],
        }
    )
    assert isinstance(mismatch, RequestMismatch)
    assert (mismatch.method, mismatch.path, mismatch.type) == ("GET", "/a", "RequestMismatch")
    assert [type(each) for each in mismatch.mismatches] == [QueryMismatch]
    assert str(mismatch) == "request mismatch: GET /a: query q: x"


def test_an_unknown_kind_is_generic() -> None:
    mismatch = Mismatch.from_dict({"type": "FromTheFuture", "mismatch": "what"})
    assert isinstance(mismatch, GenericMismatch)
    assert (mismatch.type, str(mismatch)) == ("FromTheFuture", "what")


def test_the_tree() -> None:
    for name in ("MismatchesError", "PactVerificationError", "InteractionVerificationError"):
        assert issubclass(getattr(error, name), PactError)
    assert issubclass(MismatchesError, AssertionError)
    assert issubclass(PactVerificationError, AssertionError)
    assert issubclass(PactError, Exception)


def test_mismatches_error_carries_mismatches_and_prints_them() -> None:
    mismatch = Mismatch.from_dict({"type": "missing-request", "method": "GET", "path": "/a", "request": {}})
    raised = MismatchesError(mismatch)
    assert list(raised.mismatches) == [mismatch]
    assert "GET /a" in str(raised)


def test_verification_errors_carry_description_and_cause() -> None:
    cause = ValueError("what")
    one = InteractionVerificationError("a message", cause)
    assert (one.description, one.error) == ("a message", cause)
    assert str(one) == "a message: ValueError: what"
    many = PactVerificationError([one])
    assert many.errors == [one]
    assert "a message" in str(many)


def test_they_cross_process_borders() -> None:
    mismatch = Mismatch.from_dict({"type": "missing-request", "method": "GET", "path": "/a", "request": {}})
    for raised in (
        MismatchesError(mismatch, report="the report"),
        PactVerificationError([InteractionVerificationError("a", ValueError("b"))]),
        error.PactFileError("file"),
        error.BrokerError("no", 404),
    ):
        again = pickle.loads(pickle.dumps(raised))
        assert type(again) is type(raised)
        assert str(again) == str(raised)


SIGNATURES: dict[type[Mismatch], list[str]] = {  # as code for pact-python calls them, by position
    MissingRequest: ["method", "path", "request"],
    RequestNotFound: ["method", "path", "request"],
    RequestMismatch: ["method", "path", "mismatches"],
    MethodMismatch: ["expected", "actual"],
    PathMismatch: ["expected", "actual", "mismatch"],
    StatusMismatch: ["expected", "actual", "mismatch"],
    QueryMismatch: ["parameter", "expected", "actual", "mismatch"],
    HeaderMismatch: ["key", "expected", "actual", "mismatch"],
    MetadataMismatch: ["key", "expected", "actual", "mismatch"],
    BodyTypeMismatch: ["expected", "actual", "mismatch"],
    BodyMismatch: ["path", "expected", "actual", "mismatch"],
}


@pytest.mark.parametrize(("kind", "names"), SIGNATURES.items(), ids=[kind.__name__ for kind in SIGNATURES])
def test_mismatches_are_made_as_in_pact_python(kind: Any, names: list[str]) -> None:
    values = {name: [] if name == "mismatches" else {} if name == "request" else name.upper() for name in names}
    by_position = kind(*values.values())
    assert {name: getattr(by_position, name) for name in names} == values
    assert kind(**values) == by_position == Mismatch.from_dict({"type": kind.__name__, **values})
    assert by_position.type == kind.__name__
    assert repr(by_position).startswith(f"{kind.__name__}({names[0]}=")


def test_the_cores_json_may_stand_in_the_place_of_objects() -> None:
    difference = {"type": "BodyMismatch", "path": "$", "expected": "1", "actual": "2", "mismatch": "no"}
    one = BodyMismatch("$", "1", "2", "no")
    assert MismatchesError(difference, one).mismatches == [one, one]
    assert RequestMismatch("GET", "/", [difference]).mismatches == [one]  # type: ignore[list-item]
    assert GenericMismatch(type="Odd", mismatch="what").data == {"type": "Odd", "mismatch": "what"}
    assert BodyTypeMismatch("a", "b", "no", expected_body="x").expected_body == "x"


MANY: list[Any] = [BodyMismatch(f"$[{n}]", "1" * 900, "2", f"Expected {n}") for n in range(20_000)]


@pytest.mark.parametrize(
    "holder",
    [
        MismatchesError(*MANY),
        MismatchesError(*(RequestMismatch("GET", "/", MANY[:2_000]) for _ in range(30))),
        RequestMismatch("GET", "/", MANY),
        TransportMismatch("/", "", MANY),
    ],
    ids=["error", "error of requests", "request", "transport"],
)
def test_a_representation_is_cut_and_says_so(holder: object) -> None:
    for shown in (repr(holder), str(holder)):
        assert len(shown) < 500_000
        assert re.search(r"\.\.\. and [\d,]+ more", shown)
