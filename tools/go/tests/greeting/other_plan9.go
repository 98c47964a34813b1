package greeting

// The sources of other platforms are left out: here the constant would be a second one.
const platform = " on Plan 9"
