"""The static Space: three of the app's models in the visitor's browser, and the course, without a server."""
