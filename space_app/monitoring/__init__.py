"""What the app reports about itself: a request log, metrics, and input drift. It never records an input."""
