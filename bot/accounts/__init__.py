"""People's accounts at music services, and what is kept of them."""
