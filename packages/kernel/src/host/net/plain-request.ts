import type { CallScope } from '../types.ts'
import { admitUrl, parseUrl, systemLookup } from './address.ts'
import type { Lookup } from './address.ts'
import { checkEncrypted, noSecrets, placeOfUrl } from './credential.ts'
import { collect } from './decode.ts'
import { headersFor } from './headers.ts'
import { request } from './request.ts'

/** A request of Life-OS's own to an address that an administrator gave, over the same resolved and pinned connections as a tool's. */
export function createPlainRequest(lookup: Lookup = systemLookup) {
  return async (
    url: string,
    sent: { method: 'POST'; headers: Record<string, string>; body: string; maxBytes: number },
    signal: AbortSignal,
  ): Promise<{ status: number; body: Uint8Array }> => {
    const scope = scopeOf(placeOfUrl(parseUrl(url)))
    checkEncrypted(await admitUrl(scope, parseUrl(url), lookup))
    const plain = { method: sent.method, headers: headersFor(sent.headers, 'identity'), body: Buffer.from(sent.body) }
    const answer = await request({ scope, lookup, secrets: noSecrets, signal, follow: false }, url, plain, 0)
    try {
      return { status: answer.status, body: await collect(answer.body, sent.maxBytes, answer.url) }
    } finally {
      await answer[Symbol.asyncDispose]()
    }
  }
}

/** The one place that the address names, and nothing else. */
const scopeOf = (place: string): CallScope => ({
  run: '',
  path: '',
  try: 0,
  plugin: 'life-os',
  pluginVersion: '',
  tool: 'life-os.refresh',
  key: '',
  effect: 'external',
  reversal: 'none',
  allowed: [{ kind: 'net', resource: place }],
  labels: [],
})
