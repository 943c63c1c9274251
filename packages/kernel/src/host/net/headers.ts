import { fault } from '../paths/faults.ts'

export interface Sent {
  method: string
  headers: Record<string, string>
  body: Uint8Array | undefined
}

/** Set by the host or by the connection itself, never by a tool. */
const HOP_HEADERS = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'expect',
])
const AGENT = 'Life-OS/0.1'

export function headersFor(given: Record<string, string>, encodings: string): Record<string, string> {
  const headers: Record<string, string> = { 'user-agent': AGENT, accept: '*/*', 'accept-encoding': encodings }
  for (const [name, value] of Object.entries(given)) {
    const lower = name.toLowerCase()
    if (HOP_HEADERS.has(lower)) throw fault('header-not-allowed', `The header ${name} is set by Life-OS; leave it out.`)
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(lower) || /[\r\n\0]/.test(value))
      throw fault('header-not-allowed', `The header ${JSON.stringify(name)} is not well-formed.`)
    headers[lower] = value
  }
  return headers
}
