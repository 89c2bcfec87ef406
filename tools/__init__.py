"""Commands for whoever runs or builds Attune: run, demo. Not part of the bot."""
