"""Plain HTTP for programs: one request, one JSON response, described by ``/api/v1/openapi.json``."""
