"""What makes an effect happen once, and one after the other for each subject."""
