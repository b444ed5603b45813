"""The public REST API, a module for each kind of resource."""
