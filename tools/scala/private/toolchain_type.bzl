"""The type of the Scala toolchain."""

SCALA_TOOLCHAIN_TYPE = str(Label("//tools/scala:toolchain_type"))
