"""The one guard through which every URL from outside is opened."""
