package dev.tofusoup.stock.service

import dev.tofusoup.stock.store.InvalidKeyException
import dev.tofusoup.stock.store.KeyNotFoundException
import dev.tofusoup.stock.store.SlowSubscriberException
import dev.tofusoup.stock.store.StoreException
import io.grpc.Status
import io.grpc.StatusException

/** What work gives; what the store refuses is the status of that. */
internal inline fun <R> answer(work: () -> R): R =
    try {
        work()
    } catch (e: StoreException) {
        throw StatusException(statusOf(e))
    }

internal fun statusOf(refusal: StoreException): Status {
    val status =
        when (refusal) {
            is InvalidKeyException -> Status.INVALID_ARGUMENT
            is KeyNotFoundException -> Status.NOT_FOUND
            is SlowSubscriberException -> Status.RESOURCE_EXHAUSTED
        }
    return status.withDescription(refusal.message)
}
