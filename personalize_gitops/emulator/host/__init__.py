"""Access for clients: in this process through moto, and over HTTP."""
