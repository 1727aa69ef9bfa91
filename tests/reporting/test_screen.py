"""What others wrote, as a report shows it: no control characters, cut, and told apart where it looks alike."""

from __future__ import annotations

import inspect
import time
from pathlib import Path
from typing import Any

import pytest

import pact_ffi.errors as errors
from pact import Pact, Verifier
from pact_ffi.consumer.explain import explain
from pact_ffi.provider.report import render_report
from pact_ffi.provider.results import InteractionResult, VerificationResult
from pact_ffi.reporting.differences import render
from pact_ffi.reporting.mismatches import BodyMismatch, Mismatch, MissingRequest, RequestMismatch, RequestNotFound
from pact_ffi.reporting.screen import CUT, cut, one_line, printable, told_apart

ALIKE = [
    ("abc", "abc "),
    ("abc", " abc"),
    ("a b", "a\u00a0b"),
    ("a b", "a  b"),
    ("a b", "a\tb"),
    ("ab", "a\u200bb"),
    ("ab", "a\u00adb"),
    ("ab", "\ufeffab"),
    ("ab", "a\u202eb"),
    ("pay", "p\u0430y"),
    ("Alpha", "\u0391lpha"),
    ("a-b", "a\u2013b"),
    ("it's", "it\u2019s"),
    ("\u00e9", "e\u0301"),
    ("A", "\uff21"),
    ("fi", "\ufb01"),
    ("a", "a\n"),
    ("a\nb", "a\r\nb"),
    ("x" * 1000 + "a", "x" * 1000 + "b"),
    ("x" * 1000, "x" * 1001),
]


@pytest.mark.parametrize(("expected", "received"), ALIKE, ids=lambda value: ascii(value)[:20])
def test_texts_that_look_alike_are_told_apart(expected: str, received: str) -> None:
    shown = told_apart(expected, received)
    assert shown[0] != shown[1]
    assert max(map(len, shown)) < CUT + 40
    for text in shown:
        assert text.isascii() and text.isprintable()


@pytest.mark.parametrize("pair", [("abc", "abd"), ("caf\u00e9", "tea"), ("1", "2"), ("", " ")])
def test_other_texts_are_shown_as_they_are(pair: tuple[str, str]) -> None:
    assert told_apart(*pair) == pair or pair == ("", " ")


CONTROLS = [
    chr(code) for code in (*range(9), 11, 12, 13, *range(14, 32), 127, 0x85, 0x9B, 0x200E, 0x202E, 0x2066, 0xFEFF)
]


@pytest.mark.parametrize("character", CONTROLS, ids=ascii)
def test_no_control_character_reaches_the_screen(character: str) -> None:
    said = f"a{character}b"
    item = InteractionResult(said, "p", said, [said], False, 0.0, "failed", error=f"error {said}")
    result = VerificationResult("p", [item], [f"problem {said}"])
    result.core_json["notices"] = [{"text": said, "pact": said}]
    difference = BodyMismatch(f"$.{said}", said, said + "c", f"Expected {said}")
    request = RequestNotFound("GET", f"/{said}", {"query": {said: [said]}, "body": said})
    pact = Pact("c", "p")
    pact.upon_receiving("r").with_request("GET", "/r").will_respond_with(200)
    for text in (render_report(result), render([difference]), explain([request], pact.interactions()), str(difference)):
        assert character not in text and "a" in text
    assert printable(said) == "a" + ascii(character)[1:-1] + "b"


OURS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.PactError)]


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.__name__)
def test_no_exception_of_ours_brings_control_characters_to_the_screen(kind: type[errors.PactError]) -> None:
    for character in CONTROLS:
        said = f"a{character}b"
        if kind is errors.VerificationError:  # is coloured on a terminal, and made of what is printable already
            continue
        if kind is errors.UnsupportedCoreError:
            error: Exception = errors.UnsupportedCoreError(said, path="x")
        elif kind is errors.InteractionVerificationError:
            error = errors.InteractionVerificationError(said, ValueError(said))
        elif kind is errors.PactVerificationError:
            error = errors.PactVerificationError([errors.InteractionVerificationError(said, ValueError(said))])
        elif kind is errors.MismatchesError:
            error = errors.MismatchesError(BodyMismatch(f"$.{said}", said, said + "c", f"Expected {said}"))
        else:
            error = kind(said)
        assert character not in str(error) and "a" in str(error), ascii(character)


@pytest.mark.parametrize("character", ["\x1b", "\r", "\x07", "\u202e", "\x9b"], ids=ascii)
def test_no_log_and_no_warning_brings_them(
    character: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, recwarn: pytest.WarningsRecorder
) -> None:
    said = f"a{character}[31mb"
    pact = Pact("c", "p")
    pact.upon_receiving(said).given(said).set_pending(pending=True).with_request("GET", "/").will_respond_with(200)
    pact.write_file(tmp_path)

    def app(environ: Any, start: Any) -> list[bytes]:
        raise ValueError(said)

    with caplog.at_level("DEBUG"):
        Verifier("p").add_source(tmp_path).app(app).verify()
    texts = [str(warning.message) for warning in recwarn] + [record.getMessage() for record in caplog.records]
    assert len(texts) > 2 and [text for text in texts if character in text] == []


def test_letters_of_all_scripts_stay() -> None:
    for text in (
        "Gr\u00fc\u00dfe",
        "\u65e5\u672c\u8a9e",
        "\u0627\u0644\u0639\u0631\u0628\u064a\u0629",
        "\U0001f44d\u200d\U0001f525",
    ):
        assert one_line(text) == printable(text) == text


def test_a_long_text_is_cut_and_says_so() -> None:
    assert cut("x" * CUT) == "x" * CUT
    assert cut("x" * 10_000) == "x" * CUT + "... (10000 characters)"


def test_a_report_of_twenty_thousand_differences_is_cut_and_says_so() -> None:
    differences: list[Mismatch] = [BodyMismatch(f"$[{n}]", "1", "2", f"Expected {n}") for n in range(20_000)]
    start = time.process_time()
    text = explain([RequestMismatch("POST", "/a", differences)], [])
    assert time.process_time() - start < 5
    assert len(text) < 20_000 and "in 20,000 places" in text and "... and 19,900 more differences" in text
    item = InteractionResult("c", "p", "d", [], False, 0.0, "failed", mismatches=differences)
    many = VerificationResult("p", [item] * 2_000)
    assert "... and 1,900 more failed interactions" in render_report(many)


def test_equal_requests_are_told_once_with_their_number() -> None:
    pact = Pact("c", "p")
    pact.upon_receiving("one").with_request("GET", "/one").will_respond_with(200)
    text = explain([RequestNotFound("GET", "/x", {}) for _ in range(1_500)], pact.interactions())
    assert text == "GET /x was not expected; nearest: 'one' expects GET /one\n  (This came 1,500 times.)"
    different = explain([RequestNotFound("GET", f"/x/{n}", {}) for n in range(1_500)], pact.interactions())
    assert len(different.splitlines()) == 51 and different.endswith("... and 1,450 more requests or interactions")


def test_the_time_does_not_grow_with_interactions_times_requests() -> None:
    pact = Pact("c", "p")
    for number in range(200):
        interaction = pact.upon_receiving(f"number {number}").with_request("POST", "/same")
        interaction.with_body({"id": number}).will_respond_with(200)
    wrong: list[Mismatch] = [
        RequestMismatch("POST", "/same", [BodyMismatch("$.id", "1", str(n), f"Expected {n}")]) for n in range(1_000)
    ]
    wrong += [MissingRequest("POST", "/same", {"body": {"id": number}}) for number in range(200)]
    wrong += [RequestNotFound("GET", f"/other/{number}", {}) for number in range(1_000)]
    start = time.process_time()
    assert explain(wrong, pact.interactions())
    assert time.process_time() - start < 5


def test_a_request_that_another_interaction_took_is_told_so(tmp_path: Path) -> None:
    from pact import match

    pact = Pact("c", "p")
    pact.upon_receiving("any user").with_request("GET", match.regex("/u/1", regex=r"/u/\d+")).will_respond_with(200)
    pact.upon_receiving("user 2").with_request("GET", "/u/2").will_respond_with(404)
    missing: list[Mismatch] = [MissingRequest("GET", "/u/2", {})]
    assert explain(missing, pact.interactions()) == (
        "Interaction 'user 2' was never called: 'any user' takes GET /u/2, too; if that request came, it got this other"
        " one's answer."
    )
