namespace CSharpRules.Tests;

/// <summary>Has no test.</summary>
public sealed class Empty;
