"""What C++ compiler the project needs and what installs it."""

load("//tools/implementation:requirements.bzl", "requirement")

# GCC's first release whose library has what we use of C++20.
GCC = requirement(
    name = "g++",
    at_least = (12,),
    install = "apt-get install g++",
    purpose = "compiles and links",
)

# As Bazel looks for it: what CC names comes first.
CC_COMMAND = "gcc"

# Makes a compilation read what the compiler stands for (@cpp//:compiler).
MACHINE_COPTS = ["-include", "stock_machine.h"]
