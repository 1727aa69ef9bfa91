"""Random stories told to every public builder: ``python tests/fuzz/builders.py 100000 [seed]``.

Whatever is said, the answer is a pact that can be served and written, or a `PactError`; never another exception,
never the end of the process. Prints the number of stories, and how many of them were refused.
"""

from __future__ import annotations

import http.client
import json
import sys
import tempfile
import traceback
import warnings
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from pact import Consumer, EachLike, Like, MessageConsumer, Pact, Provider, Term, generate, match, xml
from pact.error import PactError

counts = {"stories": 0, "refused": 0}
failures: dict[str, str] = {}

NASTY = [
    "", " ", "\0", "a\0b", "\ud800", "\x1b[31m", "\r\n", "a\r\nX: y", "null", "true", "1", "1=2&b=3", "{", "[", '"',
    "{}", "[]", '{"a": 1}', '{"root": {}}', '{"pact:matcher:type": "type"}',
    '{"pact:matcher:type": "regex", "regex": "("}',
    '{"value": 1}', "<a/>", "<a><b></a>", "<?xml", "../../x", "/", "//", "/a?b=c#d", "%", "%zz", "%00", "a/b",
    "application/json", "application/xml", "application/x-www-form-urlencoded", "text/plain", "multipart/form-data",
    "Content-Type", "content-type", "X-A", "GET", "post", "$", "$.a", "$.a[*]", "a.b", "a b", "@id", "😀", "Ü",
    "x" * 300, "(a+)+$", r"\d+", "(", "a{1,999999}", "yyyy-MM-dd", "%Y-%m-%d", "2024-01-01", "V3", "9" * 30, "NaN",
    "-1", "Request", "Response", "key's", "*", "01",
]  # fmt: skip
texts = st.one_of(st.sampled_from(NASTY), st.text(max_size=12), st.text(st.characters(), max_size=6))
numbers = st.one_of(
    st.integers(-5, 700), st.integers(), st.floats(), st.sampled_from([2**31, 2**63, 2**64, -(2**63) - 1, 1e308, 0.1])
)
scalars = st.one_of(st.none(), st.booleans(), numbers, texts, st.binary(max_size=8))


def _called(function: Any, *strategies: Any, **keywords: Any) -> Any:
    """What ``function`` makes of random arguments, or the first of them where it refuses them."""

    def call(drawn: tuple[Any, dict[str, Any]]) -> Any:
        try:
            return function(*drawn[0], **drawn[1])
        except PactError:
            return drawn[0][0] if drawn[0] else None
        except Exception as error:
            if function in (Like, EachLike) and isinstance(error, AssertionError):  # documented for the classic ones
                return None
            fail(function, drawn)
            return None

    needed = {name: keywords.pop(name) for name in ("rules", "regex") if name in keywords}
    return st.tuples(st.tuples(*strategies), st.fixed_dictionaries(needed, optional=keywords)).map(call)


def fail(what: Any, told: Any) -> None:
    """Remember a failure, once for each place: hypothesis' own report would fill pages."""
    kind, error, trace_ = sys.exc_info()
    place = traceback.extract_tb(trace_)[-1]
    key = f"{getattr(kind, '__name__', kind)} in {Path(place.filename).name}:{place.lineno}"
    failures.setdefault(key, f"{key}: {error!s:.200}\n    {what} for {told!r:.600}")


limits = {"min": st.one_of(st.none(), st.integers(-1, 3)), "max": st.one_of(st.none(), st.integers(-1, 4))}
generators = st.one_of(
    _called(generate.int, **limits),
    _called(generate.decimal, st.integers(-1, 20)),
    _called(generate.hex, st.integers(-1, 20)),
    _called(generate.str, st.integers(-1, 20)),
    _called(generate.regex, texts),
    _called(generate.uuid, st.one_of(st.none(), texts, st.sampled_from(["simple", "urn"]))),
    _called(generate.date, st.one_of(st.none(), texts)),
    _called(generate.datetime, st.one_of(st.none(), texts), disable_conversion=st.booleans()),
    _called(generate.bool),
    _called(generate.provider_state, texts),
    _called(generate.mock_server_url, texts, texts),
)


def _matchers(values: Any) -> Any:
    return st.one_of(
        _called(match.like, values, **limits),
        _called(match.each_like, values, **limits),
        _called(match.int, st.integers()),
        _called(match.decimal, st.floats()),
        _called(match.number, st.floats(), precision=st.integers(-1, 9)),
        _called(match.str, texts),
        _called(match.regex, texts, regex=texts),
        _called(match.date, texts, texts),
        _called(match.time, texts),
        _called(match.datetime, texts, disable_conversion=st.booleans()),
        _called(match.uuid, texts),
        _called(match.includes, texts),
        _called(match.null),
        _called(match.array_containing, st.lists(values, max_size=2)),
        _called(match.each_key_matches, st.dictionaries(texts, values, max_size=2), rules=_called(match.like, texts)),
        _called(
            match.each_value_matches, st.dictionaries(texts, values, max_size=2), rules=_called(match.like, values)
        ),
        _called(match.content_type, texts),
        _called(match.not_empty, values),
        _called(match.semver, texts),
        _called(Like, values),
        _called(EachLike, values, st.integers(0, 3)),
        _called(Term, texts, texts),
    )


values = st.recursive(
    st.one_of(scalars, generators),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(texts, inner, max_size=3),
        _matchers(inner),
        st.fixed_dictionaries({"pact:matcher:type": st.one_of(texts, st.sampled_from(["type", "regex", "eachKey"]))},
                              optional={"value": inner, "regex": texts, "min": inner, "rules": inner, "format": texts}),
    ),
    max_leaves=6,
)  # fmt: skip
elements = st.recursive(
    _called(xml.element, texts),
    lambda inner: _called(xml.element, texts, inner, attrs=st.dictionaries(texts, values, max_size=2)),
    max_leaves=3,
)
documents = _called(xml.body, elements)
bodies = st.one_of(values, values, documents, texts.map(lambda text: {"root": text}))
parts = st.sampled_from([None, None, "Request", "Response", "Other"])
kinds = st.one_of(
    st.none(),
    texts,
    st.sampled_from(["application/json", "application/xml", "application/x-www-form-urlencoded", "text/plain"]),
)
mappings = st.dictionaries(texts, values, max_size=3)
rules = st.one_of(
    texts,
    st.dictionaries(
        st.sampled_from(["body", "header", "query", "path", "status", "metadata", "method", "x"]), values, max_size=2
    ),
    st.dictionaries(
        st.sampled_from(["body", "header", "query", "metadata"]),
        st.dictionaries(texts, st.fixed_dictionaries({"matchers": st.lists(values, max_size=2)}), max_size=2),
        max_size=2,
    ),
)
CALLS: dict[str, Any] = {
    "with_request": st.tuples(texts, values),
    "will_respond_with": st.one_of(st.tuples(values), st.just(())),
    "with_header": st.tuples(texts, values, parts),
    "with_headers": st.tuples(mappings, parts),
    "set_header": st.tuples(texts, values, parts),
    "set_headers": st.tuples(mappings, parts),
    "with_query_parameter": st.tuples(texts, values),
    "with_query_parameters": st.tuples(st.one_of(mappings, texts)),
    "with_body": st.tuples(bodies, kinds, parts),
    "with_binary_body": st.tuples(st.one_of(st.binary(max_size=9), values), kinds, parts),
    "with_metadata": st.tuples(mappings, parts),
    "with_matching_rules": st.tuples(rules, parts),
    "with_generators": st.tuples(rules, parts),
    "with_multipart_file": st.tuples(texts, st.just(__file__), kinds, parts, st.one_of(st.none(), texts)),
    "given": st.tuples(texts, st.one_of(st.none(), mappings)),
    "set_key": st.tuples(texts),
    "set_comment": st.tuples(texts, values),
    "add_text_comment": st.tuples(texts),
    "test_name": st.tuples(texts),
    "add_external_reference": st.tuples(texts, texts, texts),
}
story = st.fixed_dictionaries(
    {
        "names": st.tuples(st.one_of(st.just("c"), texts), st.one_of(st.just("p"), texts)),
        "kind": st.sampled_from(["HTTP", "HTTP", "Async", "Sync"]),
        "version": st.sampled_from(["V1", "V2", "V3", "V4", "V4", "V4"]),
        "description": texts,
        "calls": st.lists(
            st.one_of([st.tuples(st.just(name), arguments) for name, arguments in CALLS.items()]), max_size=5
        ),
        "classic": st.booleans(),
    }
)


def refused(call: Any, *args: Any, **kwargs: Any) -> Any:
    """Call, and count what is refused."""
    try:
        return call(*args, **kwargs)
    except PactError as error:
        counts["refused"] += 1
        assert str(error)
        return None


def ask(server: Any) -> None:
    connection = http.client.HTTPConnection("localhost", server.port, timeout=5)
    try:
        connection.request("POST", "/", b'{"a": 1}', {"Content-Type": "application/json"})
        connection.getresponse().read()
    except (http.client.HTTPException, ValueError):
        pass
    finally:
        connection.close()


def serve(pact: Pact) -> None:
    with pact.serve(raises=False, verbose=False) as server:
        ask(server)
    server.report()


def tell_modern(told: dict[str, Any], folder: str) -> None:
    pact = refused(Pact, *told["names"]) or Pact("c", "p")
    pact.with_specification(told["version"])
    interaction = refused(pact.upon_receiving, told["description"], told["kind"]) or pact.upon_receiving(
        "x", told["kind"]
    )
    for name, arguments in told["calls"]:
        if hasattr(interaction, name) and (name != "will_respond_with" or bool(arguments) == (told["kind"] == "HTTP")):
            refused(getattr(interaction, name), *arguments)
    str(interaction), repr(interaction), pact.interactions("All")
    refused(serve, pact)
    refused(pact.verify, lambda body, metadata: None, "Async")
    refused(pact.write_file, folder, overwrite=True)
    for file in Path(folder).iterdir():
        json.loads(file.read_text(encoding="utf-8"))
        file.unlink()


def tell_classic(told: dict[str, Any], folder: str) -> None:
    arguments: dict[str, Any] = dict(told["calls"])
    body = arguments.get("with_body", (None,))[0]
    mapping = arguments.get("with_headers", ({},))[0]
    pact = refused(Consumer("c").has_pact_with, Provider("p"), port=0, pact_dir=folder)
    pact.given(told["description"]).upon_receiving(told["description"])
    refused(pact.with_request, *arguments.get("with_request", ("get", "/")), body, mapping, mapping)
    refused(pact.will_respond_with, 200, mapping, body)
    refused(pact.start_service)
    pact._clear()
    refused(pact.stop_service)
    messages = MessageConsumer("c").has_pact_with(Provider("p"), pact_dir=folder, file_write_mode="overwrite")
    refused(messages.given, told["description"])
    if refused(messages.expects_to_receive, told["description"]):
        refused(messages.with_content, body)
        refused(messages.with_metadata, mapping)
        refused(messages.__exit__, None, None, None)
    for file in Path(folder).iterdir():
        file.unlink()


def main(count: int, number: int) -> None:
    warnings.simplefilter("ignore")

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    @given(story)
    def tell(told: dict[str, Any]) -> None:
        counts["stories"] += 1
        if trace is not None:
            trace.seek(0)
            trace.truncate()
            trace.write(repr(told))
            trace.flush()
        with tempfile.TemporaryDirectory() as folder:
            try:
                (tell_classic if told["classic"] else tell_modern)(told, folder)
            except Exception:
                fail("the story", told)

    trace = Path(sys.argv[3]).open("w", encoding="utf-8", errors="backslashreplace") if len(sys.argv) > 3 else None
    tell()
    print(f"{counts['stories']} stories, {counts['refused']} refusals, {len(failures)} findings")
    if failures:
        sys.exit("\n".join(failures.values()))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
