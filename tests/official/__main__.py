"""Run tests of the client's own suite against an embedded Hub: python -m tests.official test_hf_api.py -k upload_file."""

import sys

from tests.official.harness import main

sys.exit(main(sys.argv[1:] or ["tests"]))
