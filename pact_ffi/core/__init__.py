"""C and nothing else: declarations, loading, ownership, handles, logs, questions to the core.

The only room that holds `ffi` or a pointer; nothing bare leaves it. It knows texts, numbers and integration JSON, not
what users write; it must not know of matchers, pact files or brokers.
"""
