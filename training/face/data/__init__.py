"""Read the faces to learn from, FER-2013 and CK+, and change their pictures."""
