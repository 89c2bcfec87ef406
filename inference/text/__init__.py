"""Read what a typed line expresses: English only, other languages are recognised and left out."""
