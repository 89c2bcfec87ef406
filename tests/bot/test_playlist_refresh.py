"""What a lookup changes in a stored list, and the cipher that logins lie in."""

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from bot.accounts.token_cipher import TokenCipher
from bot.usecases import playlist_preparation, track_mapping
from music import Track
from music.sources import ImportedPlaylist
from storage.tracks import StoredTrack


def stored(*tracks: Track) -> list[StoredTrack]:
    return [StoredTrack(i, *playlist_preparation.with_mood(track)) for i, track in enumerate(tracks)]


def found(*tracks: Track) -> ImportedPlaylist:
    return ImportedPlaylist("list", "deezer", tracks)


A, B, C = Track("A", "X"), Track("B", "X", isrc="USRC17607839"), Track("C", "Y")


def test_what_stays_keeps_its_id_and_what_comes_is_new() -> None:
    renamed = Track("B (live)", "X", isrc="USRC17607839")
    update = track_mapping.diff(stored(A, B, C), found(C, renamed, Track("D", "Z")))
    assert update.entries[:2] == [2, 1]
    assert (update.added, update.removed, update.changed) == (1, 1, True)


def test_the_same_list_changes_nothing_and_another_order_is_a_change() -> None:
    same = track_mapping.diff(stored(A, B, C), found(A, B, C))
    assert (same.added, same.removed, same.changed) == (0, 0, False)
    turned = track_mapping.diff(stored(A, B, C), found(C, B, A))
    assert (turned.added, turned.removed, turned.changed) == (0, 0, True)


@given(st.lists(st.sampled_from([A, B, C]), max_size=8), st.lists(st.sampled_from([A, B, C]), max_size=8))
def test_every_entry_is_accounted_for(before: list[Track], after: list[Track]) -> None:
    update = track_mapping.diff(stored(*before), found(*after))
    kept = [entry for entry in update.entries if isinstance(entry, int)]
    assert len(update.entries) == len(after)
    assert len(set(kept)) == len(kept) == len(after) - update.added == len(before) - update.removed
    assert all(
        before[entry] == after[at] for at, entry in enumerate(update.entries) if isinstance(entry, int)
    )
    assert update.changed == (before != after)


def test_a_vault_opens_what_older_keys_sealed_and_seals_it_anew() -> None:
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    sealed = TokenCipher([old]).encrypt({"refresh_token": "secret"})
    assert "secret" not in sealed
    assert TokenCipher([new, old]).decrypt(sealed) == {"refresh_token": "secret"}
    anew = TokenCipher([new, old]).rotate(sealed)
    assert TokenCipher([new]).decrypt(anew) == {"refresh_token": "secret"}
    assert TokenCipher([new]).decrypt(sealed) is None
    assert TokenCipher([new]).rotate(sealed) == sealed


def test_a_vault_without_a_key_is_refused() -> None:
    for keys in ([], ["not a key"]):
        with pytest.raises(ValueError, match=r"\w"):
            TokenCipher(keys)
