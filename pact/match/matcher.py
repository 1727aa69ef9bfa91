"""Matchers as classes."""

from pact_ffi.match.matcher import AbstractMatcher, IntegrationJSONEncoder, MatchingRuleJSONEncoder

__all__ = [
    "AbstractMatcher",
    "IntegrationJSONEncoder",
    "MatchingRuleJSONEncoder",
]
