"""What `make run` starts: everything on one machine, under one supervisor, with one log.

For trying, learning and testing; it imports settings and logs only, never the product.
"""
