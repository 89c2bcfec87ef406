"""Sentences for the beginning: who Attune is, the consent, help."""

from collections.abc import Sequence

from bot.ui.words.en.names import PUBLIC_LISTS, plural
from bot.ui.words.protocol import CommandWords


class StartWords:
    """Introduce Attune and ask for consent before anything is read.

    From 16 years on people can agree by themselves in the whole EU (GDPR, Art. 8).
    """

    commands: Sequence[CommandWords] = (
        CommandWords("start", "what Attune does"),
        CommandWords("mood", "say yourself how you are, without selfie and voice"),
        CommandWords("playlist", "your playlists; /playlist link <url> adds one"),
        CommandWords("mode", "what follows a reading: match, regulate or ask"),
        CommandWords("history", "your last moods in one picture"),
        CommandWords("forget_corrections", "read you as everybody again"),
        CommandWords("cancel", "drop the check-in that is open"),
        CommandWords("privacy", "what is kept and what is not"),
        CommandWords("export", "everything stored about you, as a file"),
        CommandWords("delete_me", "forget everything about you"),
        CommandWords("help", "how it works"),
    )

    description = (
        "Send a selfie and a voice note: I guess the mood they express, say how sure I am, "
        "and send tracks from your own playlist that match it or lead out of it."
    )
    short_description = (
        "Guesses the mood of a selfie and a voice note, answers with tracks from your own playlist."
    )

    start = (
        "<b>Hello, I am Attune.</b>\n\n"
        "Send me a <b>selfie</b> and a <b>voice note</b>. An automatic system on this computer recognises the emotion "
        "they <i>express</i>: a guess, not what you feel and not a diagnosis. Then I send tracks from <b>your own "
        "playlist</b> that match the mood, or lead out of it step by step.\n\n"
        "<b>What is kept:</b> the seven probabilities of each reading, your playlists, the tracks I sent and your "
        "answers. <b>Your photo and your voice are never stored</b>; they are in memory while they are read. "
        "/privacy says more, /delete_me erases everything.\n\n"
        "Only your own face and voice, please, and only from 16 years on. It also works without them: with /mood you "
        "say yourself how you are. Nothing is read or kept before you agree."
    )
    consent_yes = "I agree, let's start"
    consent_no = "No, thank you"
    consent_first = "Before I read or keep anything I need your consent."
    consent_thanks = (
        "Thank you. Now send me\n"
        "• a <b>selfie</b> and a <b>voice note</b> of three to ten seconds, in either order (one alone works too);\n"
        "• your <b>playlist</b>: a file (CSV from Exportify or TuneMyMusic, M3U, iTunes ...), audio files, or the "
        f"address of a public list at {PUBLIC_LISTS} with /playlist link."
    )
    consent_declined = "All right. Nothing is read or kept. /start brings the question back."
    welcome_back = (
        "Welcome back. A selfie, a voice note, or both: whenever you like. /help says how it works."
    )
    not_invited = "This bot is for invited people only. Whoever runs it can let you in."
    private_only = (
        "I only work in a private chat: moods are nobody else's business. Please write to me directly."
    )

    def help(self, minutes: float) -> str:
        counted = f"{minutes:g} {plural(round(minutes), 'minute', 'minutes')}"
        within = "half an hour" if minutes == 30 else counted
        return (
            f"<b>Check in:</b> send a selfie and a voice note within {within}, in either order. One alone is enough: "
            "tap <i>Read what I sent</i>. A short video is both, and what you type meanwhile (in English) counts too.\n"
            "<b>Your music:</b> send a playlist file (CSV, M3U, iTunes ...), audio files, or the address of a public "
            f"list at {PUBLIC_LISTS}; /playlist spotify connects Spotify.\n"
            "<b>After a reading:</b> <i>Match</i> stays near the mood, <i>Regulate</i> leads out of it in steps, "
            "<i>Not quite right</i> lets you say what it really is. Which one is your choice: music may help, nobody "
            "can promise that it does.\n\n"
            "/mood – say yourself how you are\n/playlist – your playlists\n/mode – what follows a reading\n"
            "/history – your last moods in one picture\n"
            "/cancel – drop the open check-in\n"
            "/forget_corrections – read you as everybody again\n"
            "/privacy – what is kept\n/export – all of it as a file\n/delete_me – forget everything about you"
        )

    unknown = "I did not understand that. Send me a selfie, a voice note, a playlist file, or /help."
    unknown_sticker = (
        "A sticker or a GIF shows a mood, but is it yours? Send me a selfie, a voice note, a playlist file, or "
        "/mood to say it yourself."
    )
