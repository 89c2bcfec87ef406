"""The faces to learn from: FER-2013 and CK+, and what is done to their pictures."""
