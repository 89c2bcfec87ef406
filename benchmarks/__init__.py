"""One script per measured claim."""
