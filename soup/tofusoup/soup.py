"""TofuSoup's `soup` with Stock in it: `soup stock`, `soup test stock`, and everything else as it was."""

from tofusoup.cli import entry_point, main_cli
from tofusoup.testing.logic import TEST_SUITE_CONFIG

from soup.cli import stock
from soup.settings import enter_callers_folder
from soup.tofusoup.mount import mount

if __name__ == "__main__":
    enter_callers_folder()
    mount(main_cli, TEST_SUITE_CONFIG, stock)
    entry_point()
