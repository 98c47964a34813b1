"""The languages there are: one line each, slowest start first."""

LANGUAGES = [
    "csharp",
    "java",
    "node",
    "python",
    "ruby",
    "cpp",
    "rust",
    "go",
]
