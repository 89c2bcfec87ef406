"""The clients' interface: the routes under ``/api`` by which the page, tests and scripts act as a user."""
