"""Where the broker is, which cluster it is, and that its topics are there."""
