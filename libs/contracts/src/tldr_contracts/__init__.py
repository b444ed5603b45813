"""Published language: the topic registry and identifiers; the generated messages are the package `tldr`."""
