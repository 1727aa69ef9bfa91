"""The provider's side: the verifier, its run, handlers for states and messages, results and their report.

Must not know of consumers' tests or of test frameworks.
"""
