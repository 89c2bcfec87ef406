"""What the voice net reaches on speakers it was not trained on, and what it has to beat."""
