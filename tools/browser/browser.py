"""Starts Chromium without a window, for tests of pages."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, sync_playwright
from runfiles import Runfiles

_PROGRAM: Final = "chromium/root/usr/lib/chromium/chromium-headless-shell"
_LIBRARIES: Final = (
    "usr/lib/x86_64-linux-gnu",
    "lib/x86_64-linux-gnu",
    "usr/lib/x86_64-linux-gnu/pulseaudio",
)
# Only the fonts that were fetched: a page looks the same on every machine.
_FONTS: Final = """\
<?xml version="1.0"?>
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>
"""


@contextlib.contextmanager
def chromium(scratch: Path) -> Iterator[Browser]:
    """A browser; `scratch` is a folder for what it writes."""
    program = _program()
    root = program.parents[3]
    fonts = scratch / "fonts.conf"
    fonts.write_text(_FONTS.format(fonts=root / "usr/share/fonts", cache=scratch / "fonts"))
    environment = {
        "FONTCONFIG_FILE": str(fonts),
        "HOME": str(scratch),
        "LD_LIBRARY_PATH": os.pathsep.join(str(root / folder) for folder in _LIBRARIES),
    }
    with sync_playwright() as playwright:
        # The test's own sandbox holds the browser; not every machine lets it make another.
        browser = playwright.chromium.launch(
            executable_path=program,
            env=environment,
            chromium_sandbox=False,
            args=["--disable-dev-shm-usage", "--disable-gpu", "--font-render-hinting=none"],
        )
        try:
            yield browser
        finally:
            browser.close()


def _program() -> Path:
    runfiles = Runfiles.Create()
    assert runfiles is not None, "started by Bazel, which makes runfiles"
    located = runfiles.Rlocation(_PROGRAM)
    assert located is not None, f"no {_PROGRAM} among the runfiles"
    return Path(located)
