"""Workspaces, users and what a role may do. Knows no contact and no message."""
