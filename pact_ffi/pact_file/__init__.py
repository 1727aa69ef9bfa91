"""What a pact file is: read, check, find, merge, lock, write; and the session that writes each file once.

Knows the format and the disk; must not know who describes or verifies the interactions in it.
"""
