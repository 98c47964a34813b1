"""Public names for repository rules: what there is to tell of npm packages."""

load("//tools/node/private:archives.bzl", _tell_archives = "tell_archives")

tell_archives = _tell_archives
