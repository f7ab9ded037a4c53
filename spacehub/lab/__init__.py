"""The course's foundations, written from scratch: functions take and return NumPy arrays or small dataclasses."""
