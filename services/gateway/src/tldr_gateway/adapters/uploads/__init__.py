"""Files that customers upload."""
