"""Public names for module extensions: wheels of a lock as a repository."""

load("//tools/python/private:wheels_repo.bzl", _python_wheels_repo = "python_wheels_repo")

python_wheels_repo = _python_wheels_repo
