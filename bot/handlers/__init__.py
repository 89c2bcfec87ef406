"""Handlers, one module for each thing a person can do: parse the update, call a use case, answer."""
