#!/bin/sh
# Runs {main} of the jar beside this file, which it becomes: signals and the process number are the program's.
#
# The first start has a copy of the jar and an archive of its loaded classes made in the user's cache, by which
# later ones start in half the time; it does not wait for them. Without a cache that can be written nothing is
# different but the time.

jar=${0%/*}/{jar}
[ -e "$jar" ] || { program=$(readlink -f -- "$0") && jar=${program%/*}/{jar}; }

# The machine says nothing of its own on standard output, which may carry frames. Names of files are bytes,
# which only UTF-8 keeps.
set -- {main} "$@"
export LC_ALL=C.UTF-8
modestly=
run() {
    exec $modestly '{java}' {jvm_flags} -Xlog:disable -Xlog:all=error:stderr "$@"
}

rehearsal={rehearsal}
cache=${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}
if [ -z "$rehearsal" ] || [ -z "$cache" ]; then
    run -cp "$jar" "$@"
fi
place=$cache/stock/java/{digest}
if ! [ -e "$place/classes.jsa" ]; then
    # One that was begun some time ago will not be finished; then it may be tried again.
    [ -n "$(find "$place" -maxdepth 0 -mmin +10 2>/dev/null)" ] && rm -rf "$place"
    # Who makes the folder fills it; whoever starts meanwhile does without. The archive's last name means that
    # it is complete.
    if mkdir -p "${place%/*}" 2>/dev/null && mkdir "$place" 2>/dev/null; then
        find "${place%/*}" -mindepth 1 -maxdepth 1 -mtime +30 -exec rm -rf {} + 2>/dev/null
        # Nobody's child, so that the program has none that it does not know; killed with its process group.
        (
            modestly='nice -n 19'
            {
                cp "$jar" "$place/program.jar" &&
                    (run -XX:ArchiveClassesAtExit="$place/new.jsa" -cp "$place/program.jar" "$rehearsal") &&
                    mv "$place/new.jsa" "$place/classes.jsa"
            } &
        ) </dev/null >/dev/null 2>&1
    fi
fi
if [ -e "$place/classes.jsa" ]; then
    run -XX:SharedArchiveFile="$place/classes.jsa" -cp "$place/program.jar" "$@"
fi
run -cp "$jar" "$@"
