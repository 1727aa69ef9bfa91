"""The exception tree: everything that this package raises on its own account is a `PactError`.

    PactError
    ├── InvalidInputError      (ValueError)      a value that was refused where it entered
    │   ├── SpecificationError                   the pact's specification version cannot express it
    │   └── InvalidMatcherError (AssertionError) the classic API: what Like or EachLike cannot take
    ├── UsageError             (RuntimeError)    a closed object, a call in the wrong order
    │   └── PactException                        the classic API: an incomplete interaction
    ├── CoreError              (RuntimeError)    the core said no; carries its reason
    │   ├── MockServerError
    │   └── PluginError
    ├── PactFileError          (OSError)         a pact file that cannot be read or written
    │   └── PactConflictError                    two different interactions under one identity
    ├── BrokerError            (RuntimeError)    the broker refused, or could not be reached
    ├── UnsupportedCoreError   (ImportError)     the core's library cannot be used
    └── failed contracts       (AssertionError)
        ├── MismatchesError                      the consumer did not keep to its pact
        ├── PactVerificationError                message handlers failed
        └── VerificationError  (RuntimeError)    the provider did not keep to the pact

`InteractionVerificationError` is one item of `PactVerificationError.errors`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pact_ffi.reporting.mismatches import Mismatch


class PactError(Exception):
    """Root of the tree; its text has no control characters, whoever wrote what it quotes."""

    def __str__(self) -> str:
        from pact_ffi.reporting.screen import printable  # only what fails pays for it

        return printable(super().__str__())


class PactWarning(UserWarning):
    """Something about a contract that a person should look at, though nothing failed."""


class InvalidInputError(PactError, ValueError):
    """A value that the core would drop, misread or crash on; the message names it."""


class SpecificationError(InvalidInputError):
    """Something that the pact's specification version cannot express."""


class InvalidMatcherError(InvalidInputError, AssertionError):
    """A value that a classic matcher cannot take; an `AssertionError`, as the classic API has it."""


class UsageError(PactError, RuntimeError):
    """A closed object was used, or calls came in an order that cannot work."""


class PactException(UsageError):  # noqa: N818 - the name is the field's
    """The classic API's name for a pact that is not complete."""


class CoreError(PactError, RuntimeError):
    """The core refused a call; the message holds its reason."""


class MockServerError(CoreError):
    """A mock server could not be started or asked."""


class PluginError(CoreError):
    """A plugin could not be loaded, or refused its contents."""


class PactFileError(PactError, OSError):
    """A pact file is missing, malformed, foreign, or cannot be written."""

    def __str__(self) -> str:  # OSError's own has the number of an error
        from pact_ffi.reporting.screen import printable

        return printable(str(self.args[0])) if self.args else ""


class PactConflictError(PactFileError):
    """Two different interactions claim one identity (kind, description, provider states)."""


class BrokerError(PactError, RuntimeError):
    """The Pact Broker refused a request or could not be reached; ``status`` is its HTTP status, if it answered."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class MismatchesError(PactError, AssertionError):
    """The consumer's requests did not match its pact; prints as a readable report.

    `mismatches` is what differed, in the order in which the core reported it; the core's JSON is taken, too.
    """

    def __init__(self, *mismatches: Mismatch | dict[str, Any], report: str | None = None) -> None:
        from pact_ffi.reporting.mismatches import as_objects  # only what fails pays for it

        found = as_objects(mismatches)
        super().__init__(*found)
        self.mismatches: Sequence[Mismatch] = found
        self._report = report

    def __str__(self) -> str:
        if self._report is not None:
            return self._report
        from pact_ffi.reporting.mismatches import some

        return f"The pact was not met:\n- {some(self.mismatches, str, chr(10) + '- ')}"

    def __repr__(self) -> str:
        from pact_ffi.reporting.mismatches import some

        return f"MismatchesError({some(self.mismatches)})"


class InteractionVerificationError(PactError):
    """A message handler failed on one interaction."""

    def __init__(self, description: str, error: Exception) -> None:
        super().__init__(description, error)
        self.description = description
        self.error = error

    def __str__(self) -> str:
        from pact_ffi.reporting.redaction import said_by  # only failures pay for it
        from pact_ffi.reporting.screen import printable

        return printable(f"{self.description}: {type(self.error).__name__}: {said_by(self.error)}")

    def __repr__(self) -> str:
        return f"InteractionVerificationError({self.description!r}, {type(self.error).__name__})"


class PactVerificationError(PactError, AssertionError):
    """One or more message handlers failed; `errors` says which and how."""

    def __init__(self, errors: Sequence[InteractionVerificationError]) -> None:
        super().__init__(errors)
        self.errors = list(errors)

    def __str__(self) -> str:
        return "\n".join(["Message handlers failed:", *(f"- {error}" for error in self.errors)])


class VerificationError(PactError, AssertionError, RuntimeError):
    """The provider broke the contract, or nothing could be verified; prints as a report."""

    def __str__(self) -> str:  # coloured on a terminal
        return str(self.args[0]) if self.args else ""


class UnsupportedCoreError(PactError, ImportError):
    """The core cannot be loaded: it is missing, for another machine, no Pact core, or of a version not supported.

    `path` is the file that was tried, `found` the version in it (None when it has none).
    """

    def __init__(self, message: str, *, path: str, found: str | None = None) -> None:
        super().__init__(message)
        self.path = path
        self.found = found
