"""Run SpaceHub's command line: ``python -m spacehub``."""

from spacehub.cli import main

if __name__ == "__main__":
    main()
