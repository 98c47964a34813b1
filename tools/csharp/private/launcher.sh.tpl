#!/bin/sh
# Runs {assembly} with the runtime that it was built for, in this process.
program=$0
while true; do
    case $program in
        *.runfiles/*) root=${program%.runfiles/*}.runfiles ;;
        *) root=$program.runfiles ;;
    esac
    test -e "$root/{assembly}" && break
    if ! test -h "$program"; then
        echo "no runfiles beside $program: build it with Bazel, and copy them along" >&2
        exit 4
    fi
    target=$(readlink "$program")
    case $target in
        /*) program=$target ;;
        *) program=${program%/*}/$target ;;
    esac
done
# No socket for debuggers in the folder of temporary files, unless someone asks for one.
export DOTNET_EnableDiagnostics="${DOTNET_EnableDiagnostics:-0}"
exec "$root/{dotnet}" exec "$root/{assembly}" "$@"
