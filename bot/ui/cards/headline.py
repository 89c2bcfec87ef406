"""The words at the top of every card."""

from bot.ui.cards.canvas import INK, MARGIN, MUTED, WIDTH, Canvas, fit_text

_INNER = WIDTH - 2 * MARGIN


def write_headline(canvas: Canvas, headline: str, subline: str) -> int:
    """Write what the card says in large letters, and a line below it; return the height at which they end."""
    y = MARGIN - 8
    (large,) = fit_text([headline], 84, _INNER, 150)
    (small,) = fit_text([subline], 44, _INNER, 100)
    canvas.write(large, MARGIN, y + large.height / 2, INK, weight=large.size / 80)
    y += large.height + 6
    canvas.write(small, MARGIN, y + small.height / 2, MUTED)
    return y + small.height
