"""Provide commands for whoever runs or builds Attune, such as run and demo; no part of the bot."""
