"""Fit and compare fusion rules, and count how often models are right: for commands, never for a running bot.

learn: fit a joint pool of modalities to pairs with known labels. compare: figures of all rules on one table of
posteriors. table: such tables as CSV files. manifest: lists of labelled files. evaluation: figures of what was read.
"""
