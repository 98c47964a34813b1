"""The type of the Kotlin toolchain."""

KOTLIN_TOOLCHAIN_TYPE = str(Label("//tools/kotlin:toolchain_type"))
