"""Serve the course in the app: its built pages at ``/course`` and ``/course/1`` to ``/course/12``."""
