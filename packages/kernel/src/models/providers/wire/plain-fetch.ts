import type { Agent } from 'undici'

const CONNECT_TIMEOUT = 15_000

/**
 * undici's fetch without its time limits for the head and between pieces: a local model may load for minutes before its
 * first token, and silence is ended by the caller's signal. Idle connections close by themselves and hold no process.
 */
export function plainFetch(): typeof globalThis.fetch {
  let agent: Agent | undefined
  return async (input, init) => {
    const undici = await import('undici')
    agent ??= new undici.Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: CONNECT_TIMEOUT } })
    type Given = Parameters<typeof undici.fetch>
    // Casts, because undici's own types of fetch and Node's differ in name only.
    const response: unknown = await undici.fetch(input as Given[0], { ...(init as Given[1]), dispatcher: agent })
    return response as Response // likewise
  }
}
