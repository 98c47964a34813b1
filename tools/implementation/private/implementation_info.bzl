"""The provider of an implementation."""

StockImplementationInfo = provider(
    doc = "One language's server and client, as the matrix runs them.",
    fields = {
        "client": "File: the client program; None where `missing` says why.",
        "known_failing": "File: the list of known failures; None where `missing` says why.",
        "language": "string: the language's name.",
        "missing": "string: why the programs cannot be built here; empty where they can.",
        "requires": "string: JSON: what the language needs of the machine, and what is fetched for it.",
        "server": "File: the server program; None where `missing` says why.",
    },
)
