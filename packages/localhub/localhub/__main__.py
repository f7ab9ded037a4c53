"""Run an embedded Hub: ``python -m localhub``."""

from localhub.commands import main

if __name__ == "__main__":
    main()
