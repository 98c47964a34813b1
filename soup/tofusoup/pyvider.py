"""pyvider's own command, from the packages that it is tested with."""

from pyvider.cli.__main__ import main

if __name__ == "__main__":
    main()
