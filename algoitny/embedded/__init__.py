"""What `make run` starts: everything on one machine, under one supervisor, with one log.

For trying, learning and testing. `setup` alone, a process of its own, knows the product; all else
imports settings, logs and metrics only.
"""
