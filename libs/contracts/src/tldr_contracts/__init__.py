"""Published language: the registries of topics, signals and webhooks, and ids; the generated messages are the package `tldr`."""
