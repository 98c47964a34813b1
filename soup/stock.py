"""The `stock` command as a program of the workspace."""

from soup.cli import main

if __name__ == "__main__":
    main()
