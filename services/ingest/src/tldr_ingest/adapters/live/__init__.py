"""Live sources: their pieces demuxed and cut, in processes of their own."""
