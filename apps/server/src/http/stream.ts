const HEARTBEAT = 15_000 // ms
const BUFFER = 256 * 1024 // bytes
/** A reader further behind than this is cut off; it comes back with `Last-Event-ID` and reads from the store. */
const MOST_WAITING = 8 * 1024 ** 2 // bytes

export interface StreamLife {
  /** Asked at each heartbeat; a caller who was signed out meanwhile is cut off. */
  stillAllowed(): Promise<boolean>
  /** The server's end. */
  signal: AbortSignal
  heartbeat?: number
  /** The last door: what is sent holds no value that is known. */
  redact?(text: string): string
}

export interface Sink {
  send(name: string, data: unknown, id?: number): void
  /** Resolves when the reader has taken what was sent. */
  ready(): Promise<void>
}

/** Server-sent events from `follow`, which sends until its disposable is disposed: when the reader or the server lets go. */
export function streamOf(
  { signal, stillAllowed, heartbeat = HEARTBEAT, redact = (text) => text }: StreamLife,
  follow: (sink: Sink) => Promise<Disposable> | Disposable,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const strategy = new ByteLengthQueuingStrategy({ highWaterMark: BUFFER })
  let end = () => {}
  let taken: PromiseWithResolvers<void> | undefined
  const release = () => {
    taken?.resolve()
    taken = undefined
  }
  const start = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    let following: Disposable | undefined
    let ended = false
    const write = (text: string) => {
      if (ended) return
      controller.enqueue(encoder.encode(text))
      if ((controller.desiredSize ?? 0) < BUFFER - MOST_WAITING) end()
    }
    const beat = () =>
      void stillAllowed().then(
        (allowed) => (allowed ? write(': still here\n\n') : end()),
        () => end(),
      )
    const timer = setInterval(beat, heartbeat).unref()
    end = () => {
      if (ended) return
      ended = true
      clearInterval(timer)
      signal.removeEventListener('abort', end)
      following?.[Symbol.dispose]()
      release()
      try {
        controller.close()
      } catch {
        /* the reader closed it first */
      }
    }
    signal.addEventListener('abort', end)
    if (signal.aborted) return end()
    write('retry: 1000\n\n')
    const sink: Sink = {
      send: (name, data, id) => write(`${id === undefined ? '' : `id: ${id}\n`}event: ${name}\ndata: ${redact(JSON.stringify(data))}\n\n`),
      async ready() {
        if (!ended && (controller.desiredSize ?? 0) <= 0) await (taken ??= Promise.withResolvers<void>()).promise
      },
    }
    void Promise.resolve(follow(sink)).then(
      (made) => {
        following = made
        if (ended) made[Symbol.dispose]()
      },
      () => end(),
    )
  }
  return new ReadableStream<Uint8Array>({ start, pull: release, cancel: () => end() }, strategy)
}
