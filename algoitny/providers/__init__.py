"""What lies outside: the broker, the event channel, hint writers."""
