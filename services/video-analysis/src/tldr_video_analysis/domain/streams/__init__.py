"""Streams as far as they are analysed, and what is announced of them."""
