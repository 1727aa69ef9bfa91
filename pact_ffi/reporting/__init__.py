"""What differed, as a person reads it: mismatches as objects, differences as lines, the HTML report, redaction.

Knows the core's mismatch JSON and nothing else of the library; whoever shows something to a person, or logs it, comes
here. Raises nothing of its own.
"""
