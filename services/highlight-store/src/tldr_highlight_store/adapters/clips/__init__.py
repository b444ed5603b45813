"""Clips with PyAV, in processes of their own; segments and clips in the object store."""
