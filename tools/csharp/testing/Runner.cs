// Runs the tests of an assembly as Bazel wants them run: a filter, an exit code, and a report in JUnit's form.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;
using System.Xml.Linq;

namespace Stock.Testing;

/// <summary>Runs tests.</summary>
public static class Runner
{
    private sealed record Test(string Name, MethodInfo Method, object?[] Arguments);

    private sealed record Outcome(Test Test, TimeSpan Took, Exception? Failure);

    /// <summary>Runs the tests of an assembly, one after the other, and writes a line for each.</summary>
    /// <param name="assembly">The assembly with the tests.</param>
    /// <param name="output">Where lines go.</param>
    /// <returns>0 where all passed, 1 where one failed, 2 where there is none.</returns>
    public static async Task<int> Run(Assembly assembly, TextWriter output)
    {
        if (Environment.GetEnvironmentVariable("TEST_SHARD_STATUS_FILE") is { Length: > 0 } shard)
        {
            File.WriteAllText(shard, "");
        }
        var filter = Environment.GetEnvironmentVariable("TESTBRIDGE_TEST_ONLY") ?? "";
        var tests = Find(assembly).ToList();
        var outcomes = new List<Outcome>();
        foreach (var test in tests.Where(test => test.Name.Contains(filter, StringComparison.Ordinal)))
        {
            var outcome = await Run(test);
            outcomes.Add(outcome);
            output.WriteLine($"{(outcome.Failure is null ? "ok    " : "FAILED")} {test.Name}");
            if (outcome.Failure is { } failure)
            {
                output.WriteLine(failure is CheckException ? failure.Message : failure.ToString());
                output.WriteLine(failure is CheckException ? failure.StackTrace : "");
            }
        }
        if (Environment.GetEnvironmentVariable("XML_OUTPUT_FILE") is { Length: > 0 } report)
        {
            Report(outcomes).Save(report);
        }
        var failed = outcomes.Count(outcome => outcome.Failure is not null);
        output.WriteLine($"{outcomes.Count - failed} passed, {failed} failed");
        return (tests.Count, failed) switch
        {
            (0, _) => 2,
            (_, 0) => 0,
            _ => 1,
        };
    }

    private static IEnumerable<Test> Find(Assembly assembly) =>
        from type in assembly.GetTypes()
        from method in type.GetMethods()
        from arguments in Arguments(method)
        let shown = string.Join(
            ", ",
            arguments.Select(argument => Convert.ToString(argument, CultureInfo.InvariantCulture))
        )
        orderby type.Name, method.MetadataToken
        select new Test($"{type.Name}.{method.Name}{(shown.Length > 0 ? $"({shown})" : "")}", method, arguments);

    private static IEnumerable<object?[]> Arguments(MethodInfo method) =>
        method.IsDefined(typeof(TestAttribute))
            ? [[]]
            : method.GetCustomAttributes<CaseAttribute>().Select(attribute => attribute.Arguments);

    private static async Task<Outcome> Run(Test test)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            var instance = Activator.CreateInstance(test.Method.DeclaringType!)!;
            await using var disposal = instance as IAsyncDisposable;
            using var disposable = instance as IDisposable;
            if (test.Method.Invoke(instance, BindingFlags.DoNotWrapExceptions, null, test.Arguments, null) is Task task)
            {
                await task;
            }
            return new Outcome(test, clock.Elapsed, null);
        }
        catch (Exception failure)
        {
            return new Outcome(test, clock.Elapsed, failure);
        }
    }

    private static XDocument Report(List<Outcome> outcomes) =>
        new(
            new XElement(
                "testsuites",
                new XElement(
                    "testsuite",
                    new XAttribute("name", Environment.GetEnvironmentVariable("TEST_TARGET") ?? "tests"),
                    new XAttribute("tests", outcomes.Count),
                    new XAttribute("failures", outcomes.Count(outcome => outcome.Failure is not null)),
                    outcomes.Select(Report)
                )
            )
        );

    private static XElement Report(Outcome outcome) =>
        new(
            "testcase",
            new XAttribute("name", Printable(outcome.Test.Name)),
            new XAttribute("time", outcome.Took.TotalSeconds.ToString("F3", CultureInfo.InvariantCulture)),
            outcome.Failure is null ? null : new XElement("failure", Printable(outcome.Failure.Message))
        );

    /// <summary>XML has no form for most characters below the space.</summary>
    private static string Printable(string text) =>
        new([.. text.Select(character => char.IsControl(character) || char.IsSurrogate(character) ? '?' : character)]);
}
