"""Public names for module extensions: programs of other people's Go modules as a repository."""

load("//tools/go/private:programs_repo.bzl", _go_programs_repo = "go_programs_repo")

go_programs_repo = _go_programs_repo
