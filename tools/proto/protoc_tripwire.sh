#!/bin/sh
# Stands where a protoc compiled from source would: whatever runs it bypassed the one protoc.
echo "error: this action wants a protoc other than the toolchain's: use the rules of //tools/proto" >&2
exit 1
