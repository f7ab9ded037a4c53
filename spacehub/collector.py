"""Let Python's garbage collector run less often.

Importing Gradio or PyTorch creates hundreds of thousands of objects that stay until the process ends. By
default, Python collects after every 700 new objects, which takes a fifth of the import's time and finds
almost nothing.
"""

import gc

# New objects until a collection.
OBJECTS = 50_000


def collect_rarely() -> None:
    """Collect after every 50,000 new objects in this process."""
    gc.set_threshold(OBJECTS, 10, 10)
