package greeting

/** What kotlinc lets pass and detekt does not. */
fun quiet(step: () -> Unit) {
    try {
        step()
    } catch (e: IllegalStateException) {
    }
}
