"""The command line: wiring only, of what `broker` and `provider` offer."""
