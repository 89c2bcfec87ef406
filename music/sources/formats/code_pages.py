"""Guess the old code page of text from before UTF-8, by the bytes beyond ASCII."""

from charset_normalizer import from_bytes

_ASCII = bytes(range(0x80))
_IS_HIGH = bytes(byte >= 0x80 for byte in range(0x100))
# For scripts in which whole words lie beyond ASCII.
_OTHER_SCRIPTS = ["cp1251", "koi8_r", "cp1253", "cp1256", "cp932", "gb18030", "big5", "cp949"]
_SAMPLE = 65_536  # bytes that the script is guessed from
_MARKS = "‘’“”„–—…«»°´"
# Latin languages that Windows-1252 garbles: the code page, all letters beyond ASCII, and those of them that no
# Western text has two of, since its own letters would stand beside what they look like.
_LATIN = tuple(
    (
        page,
        frozenset((letters + letters.upper() + _MARKS).encode(page, "ignore")),
        frozenset(own.encode(page)),
    )
    for page, letters, own in (
        ("cp1254", "çğıöşüâîûİ", "ğışĞİŞ"),
        ("cp1250", "ąćęłńóśźż", "ąłśźĄŁŚŹ"),
        ("cp1250", "áčďéěíňóřšťúůýž", "ěřů"),
        ("cp1250", "áéíóöőúüű", "őűŐŰ"),
        ("mac_roman", "áàâäãåçéèêëíìîïñóòôöõúùûüß", "éèáàçäöüÉ"),
    )
)
_HEBREW = frozenset(range(0xE0, 0xFB))


def old_code_page(data: bytes) -> str:
    """Return Python's name of the encoding that `data`, which is no UTF-8, was probably written in.

    It is Windows-1252 (Excel, old players) where nothing speaks for another one.
    """
    high = data.translate(None, _ASCII)
    used = frozenset(high)
    if latin := next((page for page, all_, own in _LATIN if used <= all_ and len(used & own) > 1), None):
        return latin
    is_high = data.translate(_IS_HIGH)
    if len(high) < 8 or len(high) < 1.8 * (b"\0" + is_high).count(b"\0\1"):
        return "cp1252"
    # Hebrew has no capitals: in Cyrillic or Greek its bytes would all be small letters.
    return "cp1255" if used <= _HEBREW else _by_script(data[is_high.index(1) :][:_SAMPLE])


def _by_script(sample: bytes) -> str:
    best = from_bytes(sample, cp_isolation=_OTHER_SCRIPTS).best()
    return best.encoding if best else "cp1252"
