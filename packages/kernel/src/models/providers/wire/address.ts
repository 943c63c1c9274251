import { LifeOsError } from '@life-os/contract'
import type { ProviderConfig, ProviderKind } from '@life-os/contract'

/** Where each kind usually answers, and its path where a person names only the machine. */
const USUAL: Record<ProviderKind, { url: string; path: string; vendor: boolean }> = {
  ollama: { url: 'http://127.0.0.1:11434', path: '', vendor: false },
  'openai-compatible': { url: 'http://127.0.0.1:1234/v1', path: '/v1', vendor: false },
  openai: { url: 'https://api.openai.com/v1', path: '/v1', vendor: true },
  anthropic: { url: 'https://api.anthropic.com/v1', path: '/v1', vendor: true },
  google: { url: 'https://generativelanguage.googleapis.com/v1beta', path: '/v1beta', vendor: true },
}

export interface Address {
  /** Without a slash at its end. */
  base: string
  /** `host:port`, the place that a secret must name. */
  place: string
  /** On this machine. Never for a vendor's own kind: what answers for it here passes everything on. */
  local: boolean
  /** Nothing is answered there without a key. */
  needsKey: boolean
}

/** @throws `model-bad-request` where the address is not one of HTTP, or holds a name or a password. */
export function addressOf(config: ProviderConfig): Address {
  const usual = USUAL[config.kind]
  const url = new URL(config.url ?? usual.url)
  if ((url.protocol !== 'http:' && url.protocol !== 'https:') || url.username !== '' || url.password !== '' || url.search !== '')
    throw new LifeOsError(
      'model-bad-request',
      `The address of ${config.name} must be http or https, without a name, a password or a query.`,
      {
        applied: 'no',
      },
    )
  const path = url.pathname.replace(/\/+$/, '')
  const kept = config.kind === 'ollama' ? path.replace(/\/(v1|api)$/, '') : path || usual.path
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  const needsKey = usual.vendor && config.url === undefined
  return { base: `${url.origin}${kept}`, place: `${url.hostname}:${port}`, local: !usual.vendor && isLoopback(url.hostname), needsKey }
}

/**
 * Literal addresses of this machine and `localhost` alone: no other name is looked up, because what it stands for can
 * change between the look and the call. URL has brought every spelling of an address into one form.
 */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
}
