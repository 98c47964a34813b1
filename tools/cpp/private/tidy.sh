#!/bin/sh
# `tidy.sh FINDINGS CLANG_TIDY ARGUMENTS...`: writes what clang-tidy finds, without the folder it ran in, so that the
# same findings have the same text everywhere; fails where it cannot look.
findings=$1
shift
"$@" >"$findings" 2>"$findings.log" && : >"$findings" && exit 0
# Code 1 is both: something was found, or the source could not be read.
test -s "$findings" && sed -i "s|^$PWD/||" "$findings" && exit 0
cat "$findings.log" >&2
exit 1
