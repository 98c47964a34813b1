"""The languages there are: one line each, slowest start first."""

LANGUAGES = [
    "clojure",
    "scala",
    "kotlin",
    "java",
    "python",
    "node",
    "ruby",
    "csharp",
    "cpp",
    "rust",
    "go",
]
