"""People of an organization: their roles, passwords and proofs of e-mail."""
