"""What a C compiler of the machine stands for: not one program, but what it runs, includes and links."""

# What the command itself runs, and what it puts into every program.
_PROGRAMS = ["cc1", "cc1plus", "collect2", "as", "ld"]
_LINKED = [
    "crt1.o",
    "Scrt1.o",
    "crti.o",
    "crtn.o",
    "crtbegin.o",
    "crtbeginS.o",
    "crtend.o",
    "crtendS.o",
    "libc.so",
    "libc.so.6",
    "libc_nonshared.a",
    "libm.so.6",
    "libgcc.a",
    "libgcc_s.so.1",
    "libstdc++.a",
    "libstdc++.so.6",
]

# The headers that code of ours and of others asks the machine for, with all that they include: the whole library of
# the language, and the system's. Headers of packages that happen to be installed are none of them.
_C_HEADERS = [
    "arpa/inet.h",
    "dlfcn.h",
    "fcntl.h",
    "netdb.h",
    "netinet/in.h",
    "netinet/tcp.h",
    "poll.h",
    "pthread.h",
    "semaphore.h",
    "signal.h",
    "sys/epoll.h",
    "sys/eventfd.h",
    "sys/mman.h",
    "sys/socket.h",
    "sys/stat.h",
    "sys/syscall.h",
    "sys/time.h",
    "sys/uio.h",
    "sys/un.h",
    "sys/wait.h",
    "unistd.h",
]
_CXX_HEADERS = ["bits/stdc++.h"]

def _execute(repository_ctx, command):
    """Returns standard output, or nothing where the command fails."""
    result = repository_ctx.execute(command, environment = {"LC_ALL": "C"}, timeout = 60)
    return "" if result.return_code else result.stdout

def _headers(repository_ctx, command):
    """Returns the paths of the headers that a probe includes."""
    names = _C_HEADERS + _CXX_HEADERS
    present = ["#if __has_include(<%s>)\n#include <%s>\n#endif\n" % (name, name) for name in names]
    repository_ctx.file("fingerprint.cc", "".join(present))
    rule = _execute(repository_ctx, [command, "-std=c++20", "-M", "fingerprint.cc"])
    if not rule:
        # A compiler of C alone.
        rule = _execute(repository_ctx, [command, "-x", "c", "-M", "fingerprint.cc"])
    repository_ctx.delete("fingerprint.cc")
    return [word for word in rule.replace("\\\n", " ").split(" ") if word.strip().startswith("/")]

def c_toolchain_fingerprint(repository_ctx, command):
    """Returns what a C compiler stands for, as text that another machine has only with the same files.

    Args:
      repository_ctx: context of the repository rule, which is `local`.
      command: the compiler: gcc or clang, or one that takes their flags.

    Returns:
      string: versions, then a line `DIGEST  PATH` for each file.
    """
    paths = []
    for flag, names in {"-print-prog-name=": _PROGRAMS, "-print-file-name=": _LINKED}.items():
        for name in names:
            path = _execute(repository_ctx, [command, flag + name]).strip()
            if path and "/" not in path:
                # Where the compiler does not know better, PATH decides.
                path = str(repository_ctx.which(path) or "")
            if path:
                paths.append(path)
    paths += [path.strip() for path in _headers(repository_ctx, command)]
    digests = _execute(repository_ctx, ["sha256sum", "--"] + sorted({path: None for path in paths}))
    if not digests:
        fail("the files of %s cannot be read: %s" % (command, " ".join(paths[:3])))
    return _execute(repository_ctx, [command, "--version"]) + digests
