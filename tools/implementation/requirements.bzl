"""What a language needs of the machine and what is fetched for it, said once: for errors, `stock doctor` and the guide."""

load("//tools/implementation/private:missing_toolchain.bzl", "HIDE_TOOLCHAINS")

# What lacks if nothing else is said.
NOT_RUN = "the matrix shows the language as `not_run`, with the reason"

def requirement(name, purpose, install, at_least = (), debian = "", without = NOT_RUN):
    """Describes one thing that the machine must have.

    Args:
      name: string: what it is called after "no", `Go`.
      purpose: string: what it is needed for.
      install: string: what installs it on Debian 12, in words that end the error.
      at_least: tuple of ints: the first version that will do; empty where any does.
      debian: string: what Debian 12 itself has of it, where that will not do.
      without: string: what becomes of the language where it lacks.

    Returns:
      struct of the arguments.
    """
    return struct(
        at_least = at_least,
        debian = debian,
        install = install,
        name = name,
        purpose = purpose,
        without = without,
    )

def wanted(requirement):
    """Returns a requirement's name with its version, `Go 1.26 or newer`."""
    version = ".".join([str(number) for number in requirement.at_least])
    return "%s %s or newer" % (requirement.name, version) if version else requirement.name

def lacking(requirement, reason):
    """Returns the error of a machine that lacks something.

    Args:
      requirement: what `requirement` has returned.
      reason: string: why what was found will not do, `no go on PATH`.
    """
    return "no %s (%s): %s" % (wanted(requirement), reason, requirement.install)

def hidden(requirement):
    """Returns the error of a machine that has something which the user hides."""
    return "no %s: %s hides it" % (wanted(requirement), HIDE_TOOLCHAINS)

def library(name, version = "", note = ""):
    """Describes a library that programs are made of.

    Args:
      name: string: the library's name, as its language's programs tell it.
      version: string: its version, of the lock; empty where the programs tell of none.
      note: string: what else there is to say of it.

    Returns:
      struct of the arguments.
    """
    return struct(name = name, note = note, version = version)

def requires(machine, locks, fetched_by, grpc, protobuf, transport, tls_stack):
    """Puts together what a language needs.

    Args:
      machine: list of what `requirement` returns.
      locks: list of strings: the files that pin third-party code, as paths from the workspace's root.
      fetched_by: string: the program that fetches it.
      grpc: the gRPC library, of `library`.
      protobuf: the library of messages.
      transport: what speaks HTTP/2.
      tls_stack: what speaks TLS.

    Returns:
      string: JSON, for the attribute `requires` of `stock_implementation`.
    """
    return json.encode({
        "fetched_by": fetched_by,
        "libraries": {
            "grpc": grpc,
            "protobuf": protobuf,
            "tls_stack": tls_stack,
            "transport": transport,
        },
        "locks": locks,
        "machine": [
            {
                "debian": each.debian,
                "install": each.install,
                "purpose": each.purpose,
                "wanted": wanted(each),
                "without": each.without,
            }
            for each in machine
        ],
    })
