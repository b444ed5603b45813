"""What ingest, analysis and clips know of media alike. Import the modules: domains use `stream_time`."""
