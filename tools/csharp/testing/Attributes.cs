// How tests are declared: what Bazel runs needs no framework's runner, and .NET brings no framework.
using System;

namespace Stock.Testing;

/// <summary>Marks a method as a test: public, without arguments, void or a Task, of a class that has a
/// constructor without arguments. Each test has an instance of its own.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TestAttribute : Attribute;

/// <summary>Marks a method as a test that is run once with each list of arguments given.</summary>
/// <param name="arguments">One list of arguments.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class CaseAttribute(params object?[] arguments) : Attribute
{
    /// <summary>The arguments.</summary>
    public object?[] Arguments { get; } = arguments;
}
