"""Where the stream of a page lies: the libraries that know the sites, in a process of their own."""
