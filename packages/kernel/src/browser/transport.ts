import type { Readable, Writable } from 'node:stream'

/** A message of Chromium is at most this long: a screenshot or a PDF is one, as base64. */
const LONGEST = 256 * 1024 ** 2

/** What Playwright asks of a way to speak the DevTools protocol. */
export interface Transport {
  send(message: object): void
  close(): void
  onmessage?: (message: object) => void
  onclose?: (reason?: string) => void
}

/** The DevTools protocol over a pipe: JSON, each message ended by NUL. `broken` is called once, when it cannot go on. */
export function pipeTransport(input: Writable, output: Readable, broken: () => void): Transport {
  const pieces: Buffer[] = []
  let held = 0
  let open = true
  const transport: Transport = {
    send: (message) => void (open && input.write(`${JSON.stringify(message)}\0`)),
    close: end,
  }
  function end(): void {
    if (!open) return
    open = false
    broken()
    transport.onclose?.()
  }
  function take(piece: Buffer): void {
    let start = 0
    for (let at = piece.indexOf(0); at >= 0; at = piece.indexOf(0, start)) {
      const whole = pieces.length === 0 ? piece.subarray(start, at) : Buffer.concat([...pieces, piece.subarray(start, at)])
      pieces.length = 0
      held = 0
      start = at + 1
      deliver(whole)
    }
    if (start === piece.length) return
    pieces.push(piece.subarray(start))
    held += piece.length - start
    if (held > LONGEST) end()
  }
  function deliver(bytes: Buffer): void {
    try {
      transport.onmessage?.(JSON.parse(bytes.toString()) as object) // Playwright looks at what it gets
    } catch {
      end() // not the protocol: whatever speaks there is no browser any more
    }
  }
  output.on('data', take)
  for (const event of ['end', 'close', 'error'] as const) output.on(event, end)
  input.on('error', end)
  return transport
}
