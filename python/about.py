"""What the programs say of themselves: in Hello, in Inventory and to --version."""

from __future__ import annotations

import platform

import grpc
from python.version import VERSION

LANGUAGE = "python"
LIBRARY = f"grpcio {grpc.__version__}"
RUNTIME = f"{platform.python_implementation().lower()} {platform.python_version()}"
TRANSPORT = "grpc-core"
TLS_STACK = "boringssl"

__all__ = ["LANGUAGE", "LIBRARY", "RUNTIME", "TLS_STACK", "TRANSPORT", "VERSION"]
