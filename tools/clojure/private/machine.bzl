"""How the compiler is run."""

# The compiler keeps what a function closes over by identity, so the order of a class's fields is that of identity
# hashes: they are all the same here, which leaves the order of the source.
COMPILER_FLAGS = [
    "-XX:+UnlockExperimentalVMOptions",
    "-XX:hashCode=2",
]
