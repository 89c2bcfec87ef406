"""A line that somebody typed -> what it expresses. English only; other languages are recognised and left out."""
