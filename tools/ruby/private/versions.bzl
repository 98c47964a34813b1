"""What the Ruby rules need of the machine, and where Debian's packages keep what they use."""

load("//tools/implementation:requirements.bzl", "requirement")

# Debian 12's, which its packages are built for.
GLIBC = requirement(
    name = "glibc",
    at_least = (2, 36),
    install = "use Debian 12 or another system as new",
    purpose = "what Debian's Ruby and its libraries run on, on amd64",
)

# Folders of gems that Debian does not merge into its load path; `tools/debian/update` may raise their versions.
GRPC = "grpc-1.51.1"
PROTOBUF = "google-protobuf-3.21.12"
GOOGLEAPIS = "googleapis-common-protos-types-1.4.0"
MINITEST = "minitest-5.17.0"
REXML = "rexml-3.2.5"
RUBOCOP = "rubocop-1.39.0"

# RuboCop and the gems it needs.
RUBOCOP_GEMS = [
    "ast-2.4.1",
    "parallel-1.22.1",
    "parser-3.1.3.0",
    "rainbow-3.1.1",
    "regexp_parser-2.6.1",
    "rubocop-ast-1.24.0",
    "ruby-progressbar-1.11.0",
    RUBOCOP,
]
