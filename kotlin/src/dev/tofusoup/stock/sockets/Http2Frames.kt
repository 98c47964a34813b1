package dev.tofusoup.stock.sockets

/**
 * Follows where frames begin in a stream of bytes (RFC 9113, section 4.1).
 *
 * @param before how many bytes stand before the first frame
 */
internal class Http2Frames(
    before: Int,
) {
    /** The last header that was known. */
    val header = ByteArray(HEADER)

    private var known = 0
    private var payload = before

    /** Whether the next byte is the first of a frame. */
    val isBetween: Boolean get() = payload == 0 && known == 0

    /** Whether the next byte is one of a payload. */
    val isWithin: Boolean get() = payload > 0

    /** How many bytes are left of the payload, or else of the header. */
    val left: Int get() = if (isWithin) payload else HEADER - known

    var type = 0
        private set
    var stream = 0
        private set

    /** Bytes of the frame's payload. */
    var length = 0
        private set

    /**
     * Goes on by some bytes, no more than are left.
     *
     * @return whether they have ended a header: the frame is known now
     */
    fun follow(
        bytes: ByteArray,
        at: Int,
        count: Int,
    ): Boolean {
        if (isWithin) {
            payload -= count
            return false
        }
        bytes.copyInto(header, known, at, at + count)
        known += count
        if (known < HEADER) {
            return false
        }
        known = 0
        length = number(0, 3)
        type = number(3, 1)
        stream = number(5, 4) and Int.MAX_VALUE
        payload = length
        return true
    }

    private fun number(
        at: Int,
        count: Int,
    ): Int = (at until at + count).fold(0) { number, index -> number shl 8 or (header[index].toInt() and 0xff) }

    companion object {
        const val HEADER = 9
        const val DATA = 0
        const val RST_STREAM = 3
        const val SETTINGS = 4
        const val WINDOW_UPDATE = 8

        /** The client's preface (RFC 9113, section 3.4). */
        const val PREFACE_BYTES = 24

        /** A frame without flags. */
        fun frame(
            type: Int,
            payload: ByteArray = byteArrayOf(),
        ): ByteArray = byteArrayOf(0, 0, payload.size.toByte(), type.toByte(), 0, 0, 0, 0, 0) + payload
    }
}
