"""cpp_editor: the compiler's command lines, for clangd."""

load("//tools/implementation:editors.bzl", "EditorInfo", "editor_info", "editor_path", "made_by_rules")

_CommandsInfo = provider(
    doc = "How a target's own sources are compiled.",
    fields = {
        "commands": "list of dicts: entries of a compile_commands.json.",
        "headers": "depset of Files: headers that the sources may include.",
    },
)

# Flags before a folder, and those that stand for a file of the build: (flag, whether its value is the next word).
_FOLDER_FLAGS = ["-iquote", "-isystem", "-I"]
_DROPPED = {
    "-MD": False,
    "-MF": True,
    "-c": False,
    "-o": True,
    # clang knows it not.
    "-fno-canonical-system-headers": False,
    # A header without code, which stands for the compiler (@cpp//:compiler).
    "-include": True,
}

def _word(word):
    """Returns a word of a command line with the path in it as editors know it."""
    for flag in [flag for flag in _FOLDER_FLAGS if word.startswith(flag) and word != flag]:
        return flag + editor_path(word.removeprefix(flag))
    if word == "." or word.startswith("bazel-out/") or word.startswith("external/"):
        return editor_path(word)
    return word

def _arguments(argv, source):
    words = []
    skip = False
    for word in argv:
        if skip:
            skip = False
        elif word in _DROPPED:
            skip = _DROPPED[word]
        elif not word.startswith("-frandom-seed=") and word != source:
            words.append(_word(word))
    return words + [editor_path(source)]

def _command(action):
    [source] = [action.argv[n + 1] for n in range(len(action.argv) - 1) if action.argv[n] == "-c"]
    return {
        "arguments": _arguments(action.argv, source),
        "directory": "@WORKSPACE@",
        "file": editor_path(source),
    }

def _commands_aspect_impl(target, ctx):
    if CcInfo in target:
        infos = [target[CcInfo]]
    else:
        # A program gives no context of its own: it compiles with those that it depends on.
        infos = [dep[CcInfo] for dep in ctx.rule.attr.deps]
    return [_CommandsInfo(
        commands = [_command(action) for action in target.actions if action.mnemonic == "CppCompile"],
        headers = depset(transitive = [info.compilation_context.headers for info in infos]),
    )]

_commands_aspect = aspect(
    implementation = _commands_aspect_impl,
    doc = "Reads the command lines off the target's actions: those that really run.",
)

def _cpp_editor_impl(ctx):
    found = [target[_CommandsInfo] for target in ctx.attr.targets]
    commands = {command["file"]: command for info in found for command in info.commands}
    headers = depset(transitive = [info.headers for info in found]).to_list()
    texts = {} if ctx.attr.missing else {
        "compile_commands.json": json.encode_indent(commands.values(), indent = "  ") + "\n",
    }
    return [editor_info(ctx, "cpp", missing = ctx.attr.missing, copied = made_by_rules(headers), texts = texts)]

_cpp_editor = rule(
    implementation = _cpp_editor_impl,
    doc = "Tells editors how C++ is compiled; the macro of this name says more.",
    attrs = {
        "missing": attr.string(
            doc = "Why C++ cannot be compiled here.",
        ),
        "targets": attr.label_list(
            doc = "Targets of the C++ rules.",
            aspects = [_commands_aspect],
        ),
    },
    provides = [EditorInfo],
)

def cpp_editor(name, targets, missing = "", **kwargs):
    """Tells editors how C++ is compiled: a `compile_commands.json`, and the headers that rules make.

    A macro, since what depends on targets that cannot be built here is skipped, and this must stay.

    Args:
      name: string: the target's name, `editor`.
      targets: list of labels: targets of the C++ rules.
      missing: string: `CPP_MISSING`.
      **kwargs: attributes that all rules have.
    """
    _cpp_editor(name = name, missing = missing, targets = [] if missing else targets, **kwargs)
