"""What the app reports about itself: a log of requests, metrics, and how inputs drift. Never an input."""
