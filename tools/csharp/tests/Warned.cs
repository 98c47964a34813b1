namespace CSharpRules.Tests;

/// <summary>Analyzers have something to say of it, and the compiler has not.</summary>
public static class Warned
{
    /// <summary>Its value is what it would be anyway.</summary>
    private static readonly int Zero = 0;

    /// <summary>Reads it.</summary>
    public static int Read() => Zero;
}
