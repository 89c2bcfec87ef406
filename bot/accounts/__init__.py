"""Use people's accounts at music services, and keep what has to be kept of them."""
