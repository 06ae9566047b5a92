"""Starts the service on the watched folders; `python watch.py` is `vanthu watch`."""

import sys

from pipeline.cli import main

if __name__ == "__main__":
    main(["watch", *sys.argv[1:]])
