"""The way in: updates are stored, put in order, and opened for a handler."""
