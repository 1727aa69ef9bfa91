"""What the tests of a run found: contracts to write, verifications to report."""

from __future__ import annotations

import os
import warnings
from collections import Counter
from typing import Any

from pact_ffi.consumer.contract import Contract
from pact_ffi.consumer.pact_file import PactFile
from pact_ffi.errors import PactError, PactWarning
from pact_ffi.specification import PactSpecification

_Key = tuple[str, str, str, str, str]  # directory, consumer, provider, specification, interactions or messages


class Findings:
    """Collected while tests run; written once."""

    def __init__(self) -> None:
        self.records: list[dict[str, Any]] = []
        self.problems: list[str] = []
        self._kept: dict[_Key, PactFile] = {}

    def take(self, test: str, records: list[dict[str, Any]]) -> None:
        """Take what a test found; of consumers, only what was met is kept to be written."""
        for record in records:
            self.records.append({**record, "test": test})
            if record["side"] == "consumer" and record["outcome"] == "passed":
                file = PactFile.parse(record["text"], test)
                names = (record[name] for name in ("directory", "consumer", "provider", "specification"))
                try:
                    self._kept.setdefault((*names, file.list_name), file).add(file, test, replace=False)
                except PactError as error:
                    self.problems.append(str(error))

    def write(self, whole: bool, started_ns: int) -> list[str]:
        """Write the contracts, in the place of earlier runs' when the ``whole`` suite passed; returns a summary.

        A file that something else has written since ``started_ns`` is added to, not replaced.
        """
        lines = []
        for key in sorted(self._kept, key=lambda key: (*key[:3], PactSpecification.parse(key[3]).value)):
            file = self._kept[key]
            contract = Contract(file.consumer, file.provider, PactSpecification.parse(key[3]))
            path = contract.default_path(key[0])
            there = path.exists()
            replaced = there and whole and path.stat().st_mtime_ns < started_ns
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", PactWarning)  # that a test has changed is what one wants to write
                    contract.put(file, path, overwrite=replaced)
            except PactError as error:
                self.problems.append(f"{path} was not written: {error}")
            else:
                how = ", added to what the file held" if there and not replaced else ""
                lines.append(f"{os.path.relpath(path)}: {_count(len(file.chunks), 'interaction')} written{how}")
        return lines + self._verified()

    def _verified(self) -> list[str]:
        counts: dict[str, Counter[str]] = {}
        for record in self.records:
            counts.setdefault(f"{record['side']} {record[record['side']]}", Counter())[record["outcome"]] += 1
        lines = []
        for party, found in counts.items():
            if party.startswith("provider "):
                parts = ", ".join(f"{found[name]} {name}" for name in ("passed", "failed", "pending") if found[name])
                lines.append(f"{party} verified: {parts}")
            elif set(found) - {"passed"}:
                lines.append(
                    f"{party}: contracts of {_count(found.total() - found['passed'], 'test')} not met, not written"
                )
        return lines


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
