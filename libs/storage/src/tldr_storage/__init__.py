"""Objects in S3, one bucket for each organization."""
