"""Analysis tests of the Python rules."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")

def _no_main_test_impl(ctx):
    env = analysistest.begin(ctx)
    asserts.expect_failure(env, "not given, expected one of srcs: fake.py, program.py")
    return analysistest.end(env)

no_main_test = analysistest.make(_no_main_test_impl, expect_failure = True)

def _generated_test_impl(ctx):
    env = analysistest.begin(ctx)
    files = analysistest.target_under_test(env)[OutputGroupInfo].generated_sources.to_list()
    asserts.equals(env, [
        "greeter_grpc/tools/proto/tests/greeter_pb2.py",
        "greeter_grpc/tools/proto/tests/greeter_pb2_grpc.py",
        "greeter_grpc/tools/proto/tests/greeter_pb2.pyi",
        "greeter_grpc/tools/proto/tests/greeter_pb2_grpc.pyi",
    ], [file.short_path.removeprefix("tools/python/tests/") for file in files])
    roots = analysistest.target_under_test(env)[PyInfo].imports.to_list()
    asserts.true(env, "_main/tools/python/tests/greeter_grpc" in roots, "no import root: %s" % roots)
    return analysistest.end(env)

generated_test = analysistest.make(_generated_test_impl)
