/** A frame's JSON header, in bytes. */
export const HEADER_LIMIT = 1024 * 1024
/** Raw bytes behind a header. */
export const BODY_LIMIT = 256 * 1024
/** JSON of a message that still rides in its header; longer JSON travels as raw bytes. */
export const INLINE_LIMIT = 192 * 1024
/** Everything one message may carry, JSON and bytes together; also the most that half-received messages may hold at once. */
export const MESSAGE_LIMIT = 64 * 1024 * 1024
/** Half-received messages at once. */
export const OPEN_LIMIT = 64
/** Frames of long messages that may be under way before the other side says it took some. */
export const WINDOW = 8
/** How deep a value may nest. */
export const DEPTH_LIMIT = 128
/** What may wait for a side that does not read; then the connection ends. */
export const BACKLOG_LIMIT = 32 * 1024 * 1024
