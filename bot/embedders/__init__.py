"""What turns texts into vectors: on this machine, or at a server."""
