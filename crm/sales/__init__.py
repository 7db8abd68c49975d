"""Pipelines, stages and deals, and how they move."""
