"""Serving pages on this machine: the server, who may talk to it, and what may be asked of it."""
