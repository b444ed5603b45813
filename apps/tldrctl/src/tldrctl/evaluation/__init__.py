"""How well moments are found and moods are read, by the services' own code, on data that people labelled."""
