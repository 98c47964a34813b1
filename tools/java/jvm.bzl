"""What the rules of other languages on the JVM are made of: Kotlin, Scala, Clojure."""

load("//tools/java/private:actions.bzl", _compile_java = "compile_java", _compile_sources = "compile_sources")
load("//tools/java/private:binary_rule.bzl", _jvm_binary = "jvm_binary")
load("//tools/java/private:editor_rule.bzl", _jvm_editor = "jvm_editor")
load("//tools/java/private:grpc_library_rule.bzl", _GENERATED_JAVACOPTS = "GENERATED_JAVACOPTS", _jvm_grpc_library = "jvm_grpc_library")
load("//tools/java/private:jar_program_rule.bzl", _java_jar_program = "java_jar_program")
load("//tools/java/private:java_info.bzl", _JavaSourcesInfo = "JavaSourcesInfo", _JvmInfo = "JvmInfo")
load(
    "//tools/java/private:java_toolchain.bzl",
    _java_toolchain = "java_toolchain",
    _jvm_attrs = "jvm_attrs",
    _jvm_toolchain = "jvm_toolchain",
)
load("//tools/java/private:library_rule.bzl", _jvm_library = "jvm_library")
load("//tools/java/private:maven_repo.bzl", _maven_repo = "maven_repo")
load("//tools/java/private:test_rule.bzl", _jvm_test = "jvm_test")
load("//tools/java/private:versions.bzl", _JDK = "JDK", _MAVEN = "MAVEN")

# What the machine must have.
JDK = _JDK
MAVEN = _MAVEN

# A toolchain of a language's own has its compiler and its layer; these make the rules that use it.
jvm_toolchain_rule = _java_toolchain
jvm_binary = _jvm_binary
jvm_editor = _jvm_editor
jvm_grpc_library = _jvm_grpc_library
jvm_jar_program = _java_jar_program
jvm_library = _jvm_library
jvm_test = _jvm_test

# The third-party code by a lock of the language's own.
maven_repo = _maven_repo

# For rules that a language has alone.
GENERATED_JAVACOPTS = _GENERATED_JAVACOPTS
JavaSourcesInfo = _JavaSourcesInfo
JvmInfo = _JvmInfo
compile_java = _compile_java
compile_sources = _compile_sources
jvm_attrs = _jvm_attrs
jvm_toolchain = _jvm_toolchain
