"""The command lines ``pact-ffi`` and ``pact-verifier``: wiring of what `broker` and `provider` offer."""
