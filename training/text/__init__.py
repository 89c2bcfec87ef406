"""Train the reader of typed lines, a linear classifier, on GoEmotions."""
