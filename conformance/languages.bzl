"""The languages there are: one line each, slowest start first."""

LANGUAGES = [
    "csharp",
    "java",
    "kotlin",
    "node",
    "python",
    "ruby",
    "cpp",
    "rust",
    "go",
]
