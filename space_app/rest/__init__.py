"""Plain HTTP for programs: one request, one JSON answer, described by ``/api/v1/openapi.json``."""
