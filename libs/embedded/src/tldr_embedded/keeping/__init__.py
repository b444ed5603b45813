"""The keeper: the parent of the servers, a process of its own."""
