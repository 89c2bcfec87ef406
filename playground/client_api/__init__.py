"""The side of people: the routes under ``/api`` that the chat page, tests and scripts call."""
