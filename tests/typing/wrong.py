"""Mistakes that a type checker shall catch: each marked line, and no other, is an error."""

from __future__ import annotations

from pact import Pact, Verifier, match

pact = Pact("consumer", "provider")
pact.upon_receiving(5)  # error
pact.upon_receiving("a", "Other")  # error
pact.upon_receiving("a", "Async").with_request("GET", "/")  # error
pact.upon_receiving("a").will_respond_with("200")  # error
pact.upon_receiving("a").with_request("GET")  # error
pact.upon_receiving("a").set_pending(True)  # error
pact.serve(port="1")  # error
pact.write_file(5)  # error
pact.nothing()  # error
match.regex("a", regex=5)  # error
match.each_like("a", min="1")  # error
match.str(5)  # error
Verifier("provider").nothing()  # error
