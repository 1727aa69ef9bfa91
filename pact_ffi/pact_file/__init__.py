"""What a pact file is: read, check, find, merge, lock, write; and the session that writes each file once.

Knows the format and the disk; must not know who describes or verifies the interactions in it.

- ``terms``: what the parts of a pact are called: titles, identities, versions, its file.
- ``document``: a pact that was read and checked, and its pieces. ``checking`` and ``shape`` check it, ``decoding``
  reads its JSON.
- ``reading``: files and folders, names that are alike.
- ``file``: merging and writing; ``cutting`` keeps the text of what is merged, ``locking`` keeps others out.
- ``session``: each file once, when a suite has run.
"""
