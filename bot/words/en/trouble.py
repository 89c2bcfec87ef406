"""What goes wrong."""


class TroubleWords:
    """Each says that nothing is lost and what to do next."""

    broken = "Something went wrong on my side. Nothing of yours is lost; please try that again."
    too_slow = "That took too long and I stopped it. Nothing is lost; please send it again."
    file_too_big = "This file is larger than 20 MB, which is as much as Telegram lets me fetch."
    file_gone = "Telegram did not give me this file. Please send it again."

    def busy(self, waiting: int) -> str:
        """The queue is full."""
        return f"I am busy: {waiting} readings are waiting before yours. Please try again in a minute."
