// What set-up tells a person: a few calm lines, and one sentence when it cannot go on.

/** A failure whose message says what to do. Anything else that is thrown is a fault of set-up itself. */
export class SetupError extends Error {
  /**
   * @param {string} message one sentence that says what to do
   * @param {{ cause?: unknown, output?: string }} [options] output: the whole output of the program that failed
   */
  constructor(message, options = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'SetupError'
    this.output = options.output
  }
}

/** @param {string} line */
export function say(line) {
  process.stdout.write(`${line}\n`)
}

/** Prints the failure on standard error and sets the exit code. @param {unknown} error */
export function fail(error) {
  const text = error instanceof SetupError ? error.message : `Set-up met a fault of its own: ${describe(error)}`
  process.stderr.write(`${text}\n`)
  process.exitCode = 1
}

/** @param {unknown} error */
function describe(error) {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

/** @param {number} since a value of Date.now() */
export function secondsSince(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`
}
