import type { ProviderConfig } from '@life-os/contract'
import type { LocalPlaces } from './deps.ts'

const OLLAMA = 'http://127.0.0.1:11434'
const LM_STUDIO = 'http://127.0.0.1:1234'

/**
 * Where Ollama and LM Studio listen unless told otherwise. `OLLAMA_HOST` is Ollama's own word: an address, a host, or
 * `host:port`. With `LIFEOS_LOCAL_MODELS=off` nobody looks.
 */
export function usualPlaces(env: Readonly<Record<string, string | undefined>> = {}): LocalPlaces {
  if (env['LIFEOS_LOCAL_MODELS']?.trim() === 'off') return { ollama: null, lmStudio: null }
  return { ollama: ollamaPlace(env['OLLAMA_HOST']?.trim() ?? ''), lmStudio: LM_STUDIO }
}

/** Its server may be told to listen everywhere; it is reached on this machine all the same. */
function ollamaPlace(given: string): string {
  if (given === '') return OLLAMA
  const url = URL.parse(given.includes('://') ? given : `http://${given}`)
  if (!url) return OLLAMA
  if (url.hostname === '0.0.0.0' || url.hostname === '[::]') url.hostname = '127.0.0.1'
  if (url.port === '' && !given.includes('://')) url.port = '11434'
  return url.href.replace(/\/$/, '')
}

/** What is looked for, by ids that a person may take over. */
export function lookedFor({ ollama, lmStudio }: LocalPlaces): ProviderConfig[] {
  return [
    ...(ollama === null ? [] : [{ id: 'ollama', kind: 'ollama' as const, name: 'Ollama', url: ollama, enabled: true }]),
    ...(lmStudio === null
      ? []
      : [{ id: 'lm-studio', kind: 'openai-compatible' as const, name: 'LM Studio', url: withVersion(lmStudio), enabled: true }]),
  ]
}
const withVersion = (url: string): string => (/\/v\d+$/.test(url) ? url : `${url.replace(/\/$/, '')}/v1`)

/** Whether two configurations mean the same server. */
export function sameServer(a: ProviderConfig, b: ProviderConfig): boolean {
  const place = (config: ProviderConfig) => URL.parse(config.url ?? '')?.host.replace('localhost', '127.0.0.1')
  return a.id === b.id || (a.url !== undefined && b.url !== undefined && place(a) === place(b))
}
