"""One module per thing a person can do. Each handler: parse, call, render."""
