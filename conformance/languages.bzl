"""The languages there are: one line each, slowest start first."""

LANGUAGES = [
    "csharp",
    "clojure",
    "java",
    "kotlin",
    "scala",
    "node",
    "python",
    "ruby",
    "cpp",
    "rust",
    "go",
]
