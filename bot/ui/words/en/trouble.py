"""Sentences for what goes wrong, and for words of self-harm."""

from bot.ui.words.en.names import plural


class TroubleWords:
    """Say what went wrong, that nothing is lost, and what to do next."""

    def crisis(self, emergency: str, line: str | None) -> str:
        talk = f"\n<b>Somebody to talk to, day and night: {line}</b>" if line else ""
        return (
            f"I am glad that you wrote it down. Please talk to a person now.\n\n<b>Emergency: {emergency}</b>{talk}\n"
            "Every country's lines: findahelpline.com\n\n"
            "I am a program: I cannot call help, and I cannot judge how you are. If you are in danger, call, or go to "
            "somebody near you. I have stopped the music, it can wait. What you wrote is not kept."
        )

    broken = "Something went wrong on my side. Nothing of yours is lost; please try that again."
    late = "I am busy right now. Your answer takes a little longer, but it comes."
    too_slow = "That took too long and I stopped it. Nothing is lost; please try that again."
    file_too_big = "This file is larger than 20 MB, which is as much as Telegram lets me fetch."
    file_gone = "Telegram did not give me this file. Please send it again."
    telegram_busy = (
        "Telegram asks me to wait before it gives me this file. Nothing is lost; please try again in a "
        "minute."
    )
    interrupted = "I was interrupted. If my last answer is missing:"
    send_again = "Send it again"
    nothing_to_send_again = "There is nothing left that I could send again."

    def busy(self, waiting: int) -> str:
        readings = plural(waiting, "reading is", "readings are")
        return f"I am busy: {waiting} {readings} waiting before yours. Nothing is lost; please try again in a minute."

    def too_many(self, waiting: int) -> str:
        return (
            f"{waiting} messages of yours are waiting, so I did not take the ones after them. I work through "
            "those that wait; please send the others again later."
        )
