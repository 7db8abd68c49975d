"""The past and the promised: timeline, tasks, notes."""
