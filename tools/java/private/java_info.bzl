"""The providers of the Java rules."""

JavaSdkInfo = provider(
    doc = "The machine's JDK.",
    fields = {
        "files": "list of Files: what actions that run it have as inputs; the java command comes first.",
        "home": "string: the folder of the JDK, where it stands.",
        "java": "File: the java command.",
        "javac": "File: the javac command.",
        "version": "File: what another JDK has otherwise, for what runs with this one.",
    },
)

JvmInfo = provider(
    doc = "A library for the Java virtual machine.",
    fields = {
        "jars": "depset of Files: this library's jar, then all that it is used with, third-party code aside.",
    },
)

JavaSourcesInfo = provider(
    doc = "What a Java target of our own is compiled from, for linters.",
    fields = {
        "classpath": "depset of Files: jars that the sources are compiled against.",
        "srcs": "list of Files: Java sources.",
    },
)
