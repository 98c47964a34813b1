using System;
using System.Threading.Tasks;
using Stock.Testing;

namespace CSharpRules.Tests;

/// <summary>One test passes; the others fail, each in its own way.</summary>
public sealed class Failing
{
    [Test]
    public void Passes() => Check.True(true, "nothing");

    [Test]
    public void Expects() => Check.Equal(new[] { 1, 2 }, [1, 3]);

    [Test]
    public async Task Throws()
    {
        await Task.Yield();
        throw new InvalidOperationException("thrown");
    }

    [Case("a", 1)]
    [Case("b", 2)]
    public void OfCases(string text, int number) => Check.True(number == 1, $"1 of {text}");
}
