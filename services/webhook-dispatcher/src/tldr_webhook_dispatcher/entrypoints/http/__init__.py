"""Questions over HTTP, from the gateway."""
