"""The reader of typed lines: a linear classifier trained on GoEmotions."""
