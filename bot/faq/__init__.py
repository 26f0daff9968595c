"""FAQ text to entries: one module a format, and the folder reader."""
