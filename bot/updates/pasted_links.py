"""Find the address that a person pasted into the chat."""

from telegram import Message

_BEGINNINGS = ("https://", "http://", "spotify:playlist:")


def address_of(message: Message) -> str | None:
    """Return the first address in a message, or its whole text where that is one; None where there is none.

    Telegram marks addresses as such, but not all that people paste from their address bar: the end of a login (which
    has a state) often leads to their own machine and may come without http://.
    """
    text = (message.text or "").strip()
    return next(iter(message.parse_entities(["url"]).values()), text if is_address(text) else None)


def is_address(text: str) -> bool:
    """Tell whether a text is nothing but an address, in time that grows with its length alone."""
    if len(text.split(maxsplit=1)) != 1:
        return False
    word = text.strip()
    begun = any(word.startswith(beginning) and word != beginning for beginning in _BEGINNINGS)
    return begun or _has_state(word)


def _has_state(word: str) -> bool:
    """Tell whether a query with a state that is not empty follows something."""
    _, _, query = word[1:].partition("?")
    _, found, value = f"&{query.replace('?', '&')}".partition("&state=")
    return bool(found and value)
