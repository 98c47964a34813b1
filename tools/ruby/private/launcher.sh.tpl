#!/bin/sh
# Runs {main} on the Ruby of the dependency layer, with the declared load paths only: nothing that the machine's Ruby
# has installed, and nothing that the environment says to Ruby.
set -eu
program=$0
case $program in /*) ;; *) program=$PWD/$program ;; esac
while :; do
    if [ -d "$program.runfiles" ]; then
        root=$program.runfiles
        break
    fi
    case $program in *.runfiles/*)
        root=${program%.runfiles/*}.runfiles
        break
        ;;
    esac
    if [ ! -L "$program" ]; then
        echo "error: no runfiles beside $program: build it with Bazel, and copy them along" >&2
        exit 1
    fi
    link=$(readlink -- "$program")
    case $link in /*) program=$link ;; *) program=${program%/*}/$link ;; esac
done
unset RUBYOPT
export RUNFILES_DIR="$root"
export RUBYLIB="{load_paths}"
export LD_LIBRARY_PATH="$root/{layer}/lib"
exec "$root/{layer}/bin/ruby3.1" --disable-gems {flags} "$root/{main}" {arguments} "$@"
