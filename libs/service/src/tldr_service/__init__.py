"""What every service is built from and hosted by: Infrastructure, Service, host."""
