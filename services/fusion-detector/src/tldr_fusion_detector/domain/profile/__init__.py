"""What a customer wants to be found, and the constants of detection."""
