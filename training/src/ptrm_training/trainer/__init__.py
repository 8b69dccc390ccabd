"""The trainer by its parts: configuration, batch in flight, loss, optimization, one update, and the run around it."""
