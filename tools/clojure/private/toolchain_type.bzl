"""The type of the Clojure toolchain."""

CLOJURE_TOOLCHAIN_TYPE = str(Label("//tools/clojure:toolchain_type"))
