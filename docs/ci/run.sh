#!/usr/bin/env bash
# A job of CI, on any host: builds and tests everything through a remote cache and keeps what the tests tell.
# Copy it; it needs nothing but a clean clone, and these variables from the host's settings or secrets:
#
#   STOCK_CACHE        the cache, as this job may use it: grpcs://cache.example.com or https://cache.example.com;
#                      empty for a build without
#   STOCK_CACHE_WRITE  1 in jobs whose commits are reviewed and merged, and nowhere else
#   STOCK_CACHE_CERT   a client certificate and its key, as files, where the cache asks for one
#   STOCK_CACHE_KEY
#   ARTEFACTS          the folder that the host keeps; ./artefacts
#
# Ends with the exit code of the tests.
set -euo pipefail
cd "$(git rev-parse --show-toplevel)"
artefacts=${ARTEFACTS:-artefacts}
mkdir -p "$artefacts"

flags=(--config=ci --build_event_json_file="$artefacts/events.json")
if [[ -n ${STOCK_CACHE:-} ]]; then
    # --config=ci comes last: of its flags and the cache's, the job's count.
    flags=(--config=remote-cache --remote_cache="$STOCK_CACHE" "${flags[@]}")
    if [[ -n ${STOCK_CACHE_CERT:-} ]]; then
        flags+=(--tls_client_certificate="$STOCK_CACHE_CERT" --tls_client_key="$STOCK_CACHE_KEY")
    fi
    if [[ ${STOCK_CACHE_WRITE:-} == 1 ]]; then
        flags+=(--remote_upload_local_results)
    fi
fi

run() {
    ./bazelw test "$@" 2>&1 | tee -a "$artefacts/bazel.log"
}
: >"$artefacts/bazel.log"
code=0
run "${flags[@]}" "${@:-//...}" || code=$?
# 34 and 39: the cache went away, or lost what it had told of, and --config=ci had not fetched it. Once more, without.
if [[ -n ${STOCK_CACHE:-} && ($code == 34 || $code == 39) ]]; then
    code=0
    run --config=ci --build_event_json_file="$artefacts/events.json" "${@:-//...}" || code=$?
fi

# JUnit of every test, each in its own folder, and what the matrix says: report.html, results.json, junit.xml, summary.md.
logs=$(./bazelw info --config=ci bazel-testlogs)
(cd "$logs" && find . \( -name test.xml -o -path '*/test.outputs/*' \) -print0) |
    tar -C "$logs" --null --files-from=- -chf - | tar -C "$artefacts" -xf -

# A cache that is not hit only makes Bazel warn: say how much came from it where people look.
grep -E '[0-9]+ remote cache hit' "$artefacts/bazel.log" | tail -n 1 || echo "no hits of a remote cache"

# The count of tests; it fails too where a test passed that was not run, by an empty answer of a cache.
python3 tools/ci/test_results.py "$artefacts/events.json" || [[ $code != 0 ]] || code=3
exit "$code"
