"""What quality.md's bars are held against: scripts that print figures, each with its peer.

`make bench` runs all of them; `python -m bench start` runs one. Benchmarks are not tests.
"""
