"""What package-lock.json says of packages."""

# Of a package, what compilers and bundlers read.
_CODE = ["*.cjs", "*.d.ts", "*.js", "*.json", "*.mjs", "*.node"]

def closure(packages, names):
    """Returns what packages need.

    Args:
      packages: dict: `packages` of a decoded package-lock.json.
      names: list of strings: names of packages.

    Returns:
      Sorted list of strings: the folders of these packages, and of all that they need.
    """
    found = {}
    queue = list(names)
    for _ in range(10000):
        if not queue:
            return sorted(found)
        name = queue.pop()
        folder = "node_modules/" + name
        if folder in found or folder not in packages:
            continue
        found[folder] = True
        queue.extend(packages[folder].get("dependencies", {}).keys())
    fail("more than 10000 packages")

def code_of(folders):
    """Returns globs over what compilers and bundlers read.

    Args:
      folders: list of strings: folders of packages.

    Returns:
      List of strings.
    """
    return [folder + "/**/" + file for folder in folders for file in _CODE]

def versions(lock):
    """Returns the versions of all packages.

    Args:
      lock: dict: a decoded package-lock.json.

    Returns:
      Dict of strings: the version of each package by its name.
    """
    return {
        folder.removeprefix("node_modules/"): package["version"]
        for folder, package in lock["packages"].items()
        if folder
    }
