"""Debian's Chromium, driven by Playwright; nothing is downloaded."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from playwright._impl._driver import compute_driver_executable
from playwright.sync_api import Browser, Playwright, sync_playwright

NAMES = ("chromium-headless-shell", "chromium")
FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def executable() -> str | None:
    """Where Chromium is: the environment's CHROMIUM, Debian's headless build (twice as fast here), or the whole one."""
    named = os.environ.get("CHROMIUM")
    return next((found for name in ([named] if named else NAMES) if (found := shutil.which(name))), None)


def driver_starts() -> bool:
    """Whether Playwright's own Node.js runs here; it needs Debian's libatomic1, which a bare machine lacks."""
    node, *_ = compute_driver_executable()
    return subprocess.run([node, "--version"], capture_output=True, check=False).returncode == 0


@contextmanager
def driver() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


def launch(playwright: Playwright, *flags: str) -> Browser:
    """A browser of its own. It opens our own pages only, and its sandbox can be had neither by root nor everywhere."""
    return playwright.chromium.launch(executable_path=executable(), args=[*FLAGS, "--no-sandbox", *flags])
