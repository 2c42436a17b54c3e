"""Use cases. Repositories, clock, ids, queue and channel come as arguments."""
