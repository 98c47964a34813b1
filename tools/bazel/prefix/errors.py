"""The one exception of the bring-up."""


class BringupError(Exception):
    """The bring-up cannot go on; its text is the one line that the user is shown."""
