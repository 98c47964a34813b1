#!/bin/sh
# The tripwire fails whatever it is asked, and says what to use instead.
set -u
if output=$("$1" --version 2>&1); then
    echo "the tripwire let a compile pass: $output"
    exit 1
fi
case $output in
*//tools/proto*) ;;
*)
    echo "expected a word about //tools/proto, got: $output"
    exit 1
    ;;
esac
