"""For repository rules: what there is to tell of crates, and whether they are what Cargo.lock says."""

load("//tools/implementation:repositories.bzl", "component")

_PURL = "pkg:cargo/{name}@{version}"

def _checksums(lock):
    """Returns what a Cargo.lock has as digests, by the names of the archives: `tonic-0.14.9`."""
    checksums = {}
    for entry in lock.split("[[package]]")[1:]:
        fields = {}
        for line in entry.split("\n"):
            key, _, value = line.partition(" = ")
            fields[key] = value.strip('"')
        if "checksum" in fields:
            checksums["%s-%s" % (fields["name"], fields["version"])] = fields["checksum"]
    return checksums

def _verify(repository_ctx, checksums):
    """Fails where an archive in cargo's cache is not the lock's: cargo itself looks at what it downloads only."""
    home = repository_ctx.os.environ.get("CARGO_HOME", repository_ctx.os.environ.get("HOME", "") + "/.cargo")
    cache = repository_ctx.path(home).get_child("registry", "cache")
    files = [file for index in (cache.readdir() if cache.exists else []) for file in index.readdir()]
    wanted = [file for file in files if file.basename.removesuffix(".crate") in checksums]
    if not wanted:
        fail("%s has no archive of a crate of the lock, expected those that cargo has fetched" % cache)
    result = repository_ctx.execute(["sha256sum"] + wanted, timeout = 300)
    if result.return_code:
        fail("sha256sum of cargo's cache failed: " + result.stderr)
    for line in result.stdout.strip().split("\n"):
        digest, _, path = line.partition("  ")
        expected = checksums[path.rpartition("/")[2].removesuffix(".crate")]
        if digest != expected:
            fail("%s has sha256 %s, expected %s by Cargo.lock" % (path, digest, expected))

def _is_linked(package):
    # A macro of another crate runs in the compiler.
    return not [target for target in package["targets"] if "proc-macro" in target["kind"]]

def _below(id, packages, nodes):
    """Returns the ids of the packages that are linked where one is."""
    found = {}
    queue = [id]
    for _ in range(10000):
        if not queue:
            return found.keys()
        id = queue.pop()
        if id in found or not _is_linked(packages[id]):
            continue
        found[id] = True
        for dep in nodes[id]["deps"]:
            if [kind for kind in dep["dep_kinds"] if kind["kind"] == None]:
                queue.append(dep["pkg"])
    fail("more than 10000 crates")

def tell_archives(repository_ctx, lock, externs):
    """Writes archives.jsonl, with a line for each crate, and components/NAME.jsonl for each that own code may use.

    The latter has the crate and all that is linked with it.

    Args:
      repository_ctx: context of a rule in whose folder metadata.json stands, what cargo knows of what it has fetched.
      lock: string: what is in Cargo.lock.
      externs: list of strings: the names of the crates that own code may use.
    """
    checksums = _checksums(lock)
    _verify(repository_ctx, checksums)
    metadata = json.decode(repository_ctx.read("metadata.json"))
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    lines = {}
    for id, package in packages.items():
        checksum = checksums.get("%s-%s" % (package["name"], package["version"]))
        if checksum:
            lines[id] = component(
                hash = "sha256:" + checksum,
                licence = " OR ".join([part.strip() for part in (package["license"] or "").split("/")]),
                purl = _PURL.format(name = package["name"], version = package["version"].replace("+", "%2B")),
            )
    repository_ctx.file("archives.jsonl", "".join(sorted(lines.values())))
    for dep in nodes[metadata["resolve"]["root"]]["deps"]:
        if dep["name"] in externs:
            below = sorted([lines[id] for id in _below(dep["pkg"], packages, nodes)])
            repository_ctx.file("components/%s.jsonl" % dep["name"], "".join(below))
