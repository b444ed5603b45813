"""HLS: what a playlist says, which rendition is read, and what is taken of a playlist that moves."""
