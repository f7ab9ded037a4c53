"""How the app starts to serve a new commit: size limits, a trial in a limited process, and the commits served before."""
