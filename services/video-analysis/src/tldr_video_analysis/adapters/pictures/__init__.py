"""Pictures, decoded where it matters."""
