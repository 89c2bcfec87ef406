"""The errors that a client is answered."""


class InvalidRequestError(Exception):
    """Report what makes no sense, or what a Telegram client would not let a user do; the message says what."""


class NotFoundError(Exception):
    """Report a chat, message, user or update that does not exist; the message says which."""
