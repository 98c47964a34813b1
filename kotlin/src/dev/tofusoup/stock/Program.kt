package dev.tofusoup.stock

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.runBlocking

/**
 * Runs a program. All its coroutines are in the scope that it is given; whatever of them is left at
 * its end holds nothing up.
 */
internal fun program(body: suspend (CoroutineScope) -> Int): Int {
    val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    try {
        return runBlocking { body(scope) }
    } finally {
        scope.cancel()
    }
}
