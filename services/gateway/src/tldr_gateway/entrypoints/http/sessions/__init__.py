"""What people are logged in with."""
