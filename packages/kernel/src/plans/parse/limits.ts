/** Bytes of a plan's text. */
export const MOST_BYTES = 2 * 1024 * 1024
/** Levels of records and lists inside each other. */
export const MOST_DEPTH = 80
/** Values of a plan once its aliases are copied out. */
export const MOST_NODES = 200_000
/** Tokens of its text. */
export const MOST_TOKENS = 1_500_000
