"""From a user's value to the core's JSON: matchers, generators, encoding, limits, HTTP words, dates, regexes.

Whatever enters a contract passes here once, and what the core would drop, misread or die of is refused here, in the
user's terms. Knows the core; must not know of interactions, servers or files.
"""
