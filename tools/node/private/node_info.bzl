"""Providers of the Node.js rules."""

NodeInfo = provider(
    doc = "TypeScript that other targets may import.",
    fields = {
        "sources": "depset of Files: the sources and what they embed, and those of all that they import.",
    },
)
