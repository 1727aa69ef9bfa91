"""Matchers as classes."""

from pact.match.matcher import AbstractMatcher, IntegrationJSONEncoder, MatchingRuleJSONEncoder

__all__ = [
    "AbstractMatcher",
    "IntegrationJSONEncoder",
    "MatchingRuleJSONEncoder",
]
