"""Print a new key for TOKEN_KEYS: `python -m bot.vault` is how people were told to."""

from bot.accounts.token_cipher import print_key

if __name__ == "__main__":
    print_key()
