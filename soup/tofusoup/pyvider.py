"""pyvider's own command, from the packages that it is tested with."""

from pyvider.cli.__main__ import main

from soup.settings import enter_callers_folder

if __name__ == "__main__":
    enter_callers_folder()
    main()
