"""The stand-in of all these tests answers as a real Pact Broker 2.120 did when its answers were recorded."""

from __future__ import annotations

import json
import re
from typing import Any

import requests
from pact_broker import StandInBroker
from pact_broker.resources import RECORDED_HOST, recorded

WRITER, READER, WRONG = "Basic d3JpdGVyOnB3", "Basic cmVhZGVyOnB3", "Basic d3Jvbmc6cHc="
# What each broker makes up for itself: uuids and digests.
_OWN = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{40}\b")


def _login(exchange: dict[str, Any]) -> str | None:
    if "wrong" in exchange["what"]:
        return WRONG
    return READER if "read-only" in exchange["what"] else WRITER if exchange["request"]["auth"] else None


class Replay:
    """Sends what was recorded, with the stand-in's own uuids and digests in the place of the real broker's."""

    def __init__(self, broker: StandInBroker) -> None:
        self._broker, self._known = broker, {}

    def send(self, exchange: dict[str, Any]) -> requests.Response:
        request = exchange["request"]
        login = _login(exchange)
        headers = {"Accept": request["accept"], **({"Authorization": login} if login else {})}
        body = request["body"]
        if body is not None:
            headers["Content-Type"] = request["content_type"]
        path, text = self._ours(request["path"]), self._ours(json.dumps(body))
        return requests.request(
            request["method"],
            self._broker.url + path,
            headers=headers,
            data=None if body is None else text,
            timeout=10,
        )

    def _ours(self, text: str) -> str:
        return _OWN.sub(lambda own: self._known.get(own[0], own[0]), text)

    def differences(self, theirs: Any, ours: Any, place: str = "") -> list[str]:
        """Compare two documents, and remember what is the stand-in's own in ours."""
        if isinstance(theirs, dict) and isinstance(ours, dict):
            missing = [f"{place}.{key}: only in the {'recording' if key in theirs else 'stand-in'}"
                       for key in theirs.keys() ^ ours.keys()]  # fmt: skip
            common = theirs.keys() & ours.keys()
            return missing + [
                text for key in common for text in self.differences(theirs[key], ours[key], f"{place}.{key}")
            ]
        if isinstance(theirs, list) and isinstance(ours, list):
            if len(theirs) != len(ours):
                return [f"{place}: {len(theirs)} items were recorded, not {len(ours)}"]
            pairs = enumerate(zip(theirs, ours, strict=True))
            return [text for n, (one, other) in pairs for text in self.differences(one, other, f"{place}[{n}]")]
        if isinstance(theirs, str) and isinstance(ours, str):
            recorded_own, own = _OWN.findall(theirs), _OWN.findall(ours)
            if len(recorded_own) == len(own):
                for one, other in zip(recorded_own, own, strict=True):
                    if self._known.setdefault(one, other) != other:
                        return [f"{place}: {one} was {self._known[one]} before, now {other}"]
            ours = ours.replace(self._broker.url, RECORDED_HOST)
            theirs = self._ours(theirs)
        return [] if theirs == ours else [f"{place}: recorded {theirs!r}, stand-in {ours!r}"]


def test_it_answers_all_that_was_recorded_as_the_real_broker_did() -> None:
    exchanges = recorded()
    with StandInBroker(login=WRITER, reader=READER, environments=()) as broker:
        replay, wrong = Replay(broker), []
        for number, exchange in enumerate(exchanges):
            answer, told = replay.send(exchange), exchange["response"]
            body = answer.json() if answer.content else None
            if answer.status_code == 409:  # the difference of the two contents is the broker's own text
                del told["body"]["notices"][1]["text"], body["notices"][1]["text"]
            found = replay.differences(told["body"], body)
            if (answer.status_code, answer.headers["Content-Type"]) != (told["status"], told["content_type"]):
                found.append(f"{answer.status_code} {answer.headers['Content-Type']}, not {told['status']}")
            if "location" in told:
                found += replay.differences(told["location"], answer.headers["Location"], "Location")
            wrong += [f"{number} {exchange['what']}{text}" for text in found]
    assert wrong == []
    assert len(exchanges) == 47
