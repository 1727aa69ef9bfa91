"""The names of `pact.xml`."""

from pact.xml import XmlElement, body, element

__all__ = [
    "XmlElement",
    "body",
    "element",
]
