"""The classic matchers."""

from pact_ffi.classic.matchers import (
    EachLike,
    Format,
    Like,
    SomethingLike,
    Term,
    from_term,
    get_generated_values,
)

__all__ = [
    "EachLike",
    "Format",
    "Like",
    "SomethingLike",
    "Term",
    "from_term",
    "get_generated_values",
]
