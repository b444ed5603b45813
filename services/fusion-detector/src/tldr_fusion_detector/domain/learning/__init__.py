"""What people kept teaches: training, and confidence bent by verdicts."""
