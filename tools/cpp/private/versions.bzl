"""What C++ compiler the project needs and what installs it."""

# GCC's first release whose library has what we use of C++20.
GCC_AT_LEAST = 12

# As Bazel looks for it: what CC names comes first.
CC_COMMAND = "gcc"
CC_INSTALL = "apt-get install g++"
