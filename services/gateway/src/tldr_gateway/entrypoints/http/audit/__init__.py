"""The audit log: who did what, from where, in a chain."""
