"""The consumer's side of the modern API, which is the engine of the classic one, too.

A pact, its interactions (each says, keeps and tells the core), the mock server's block, messages. Must not know of
providers, brokers or test frameworks.
"""
