"""Every access pattern once: how to call it, what it may send, what it may cost.

`patterns_<repository>.py` has the declarations, one for each method and each way it may go;
`test_patterns.py` runs them and compares; `python -m tests.access_patterns` writes
docs/access-patterns.md from them.
"""
