"""The routes, a module for each resource; `query` and `solving` are what they share."""
