"""Where a .NET SDK is: in a bundle, or on the machine."""

load("//tools/implementation:repositories.bzl", "toolchain_is_hidden")
load("//tools/implementation:requirements.bzl", "hidden", "lacking")
load(":versions.bzl", "BUNDLE", "DOTNET", "DOTNET_COMMANDS", "DOTNET_ENV", "DOTNET_RELEASE")

# Environment variable: folder of a bundle.
BUNDLE_VARIABLE = "STOCK_DOTNET_BUNDLE"

# The parts of a runtime: folders of versions -> what people call them.
RUNTIME = {
    "host/fxr": "host of .NET",
    "shared/Microsoft.AspNetCore.App": "ASP.NET Core runtime",
    "shared/Microsoft.NETCore.App": ".NET runtime",
}

_PACKS = ["Microsoft.NETCore.App.Ref", "Microsoft.AspNetCore.App.Ref"]

def _number(version):
    """Returns a version as something that sorts; what is no release comes first."""
    parts = version.split(".")
    return [int(part) if part.isdigit() else -1 for part in parts]

def newest_version(folder):
    """Returns the newest version of the release wanted among a folder's children.

    Args:
      folder: path, which may not exist.

    Returns:
      string, or None.
    """
    if not folder.exists:
        return None
    versions = [child.basename for child in folder.readdir()]
    wanted = [version for version in versions if _number(version)[0] == DOTNET_RELEASE]
    return sorted(wanted, key = _number)[-1] if wanted else None

def _bundle(repository_ctx):
    """Returns the bundle's folder, or None; a string says why a bundle that was asked for will not do."""
    named = repository_ctx.getenv(BUNDLE_VARIABLE)
    workspace = repository_ctx.path(repository_ctx.attr.marker).dirname
    folder = workspace.dirname.get_child("shared", "dotnet")
    if named:
        folder = repository_ctx.path(named) if named.startswith("/") else workspace.get_child(named)
    fits = repository_ctx.os.name == "linux" and repository_ctx.os.arch == "amd64"
    complete = not [file for file in BUNDLE if not folder.get_child(file).exists]
    if named and not (fits and complete):
        return "%s = %s has no bundle for %s %s" % (BUNDLE_VARIABLE, named, repository_ctx.os.name, repository_ctx.os.arch)
    return folder if fits and complete else None

def _unpack(repository_ctx, folder):
    """Unpacks a bundle; returns the SDK's root, or why it will not do."""
    for file, digest in BUNDLE.items():
        unpacked = repository_ctx.download_and_extract(
            "file://%s" % folder.get_child(file),
            output = "sdk" if file == "sdk.tar.xz" else "",
            sha256 = digest,
            allow_fail = True,
        )
        if not unpacked.success:
            return "%s is not the pinned one" % folder.get_child(file)
    return repository_ctx.path("sdk")

def _probe(repository_ctx, command):
    """Returns the root of a dotnet command's SDK, or why it will not do."""
    result = repository_ctx.execute([command, "--list-sdks"], environment = DOTNET_ENV, timeout = 60)
    if result.return_code:
        return "%s does not run: %s" % (command, (result.stderr.strip() or "it says nothing").split("\n")[0])
    roots = [line.partition(" [")[2].removesuffix("]") for line in result.stdout.strip().split("\n")]
    for root in roots:
        if root.endswith("/sdk"):
            return repository_ctx.path(root).dirname
    return "%s has no SDK" % command

def _layout(root):
    """Returns struct(root, version, packs) of a complete SDK, or why it will not do."""
    version = newest_version(root.get_child("sdk"))
    if not version:
        return "%s has no SDK %d" % (root, DOTNET_RELEASE)
    packs = {pack: newest_version(root.get_child("packs", pack)) for pack in _PACKS}
    absent = [pack for pack in packs if not packs[pack]]
    for part, name in RUNTIME.items():
        if not newest_version(root.get_child(part)):
            absent.append("the " + name)
    if absent:
        return "%s lacks %s" % (root, ", ".join(absent))
    return struct(packs = packs, root = root, version = version)

def find_dotnet(repository_ctx):
    """Finds an SDK: in a bundle, else on the machine.

    Args:
      repository_ctx: context of a repository rule with the attribute `marker`, a file at the workspace's root.

    Returns:
      struct(root, version, packs, feed) of paths, a version, the reference packs' versions by name, and a
      folder of packages or nothing; or a string: why there is none.
    """
    if toolchain_is_hidden(repository_ctx, "csharp"):
        return hidden(DOTNET)
    refused = []
    bundle = _bundle(repository_ctx)
    candidates = [bundle] if bundle else []
    candidates += [
        repository_ctx.which(name) if "/" not in name else repository_ctx.path(name)
        for name in DOTNET_COMMANDS
        if not toolchain_is_hidden(repository_ctx, name)
    ]
    for candidate in candidates:
        if candidate == None or type(candidate) != "string" and not candidate.exists:
            continue
        found = candidate
        if candidate == bundle and type(bundle) != "string":
            found = _unpack(repository_ctx, bundle)
        elif type(candidate) != "string":
            found = _probe(repository_ctx, candidate)
        found = found if type(found) == "string" else _layout(found)
        if type(found) != "string":
            feed = str(repository_ctx.path("nuget")) if candidate == bundle else ""
            return struct(feed = feed, packs = found.packs, root = found.root, version = found.version)
        refused.append(found)
    return lacking(DOTNET, "; ".join(refused) or "no bundle, no dotnet on PATH")
