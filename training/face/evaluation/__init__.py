"""What the face nets reach on faces they were not trained on."""
