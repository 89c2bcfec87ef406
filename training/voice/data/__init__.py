"""The voices to learn from: clips and corpora, and what is done to their sound."""
