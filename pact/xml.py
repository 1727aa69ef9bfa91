"""The names of `pact_ffi.xml`."""

from pact_ffi.xml import XmlElement, body, element

__all__ = [
    "XmlElement",
    "body",
    "element",
]
