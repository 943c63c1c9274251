import type { Provider, ProviderConfig } from '@life-os/contract'
import { KINDS } from './model-words.ts'

export interface ProviderDraft {
  kind: ProviderConfig['kind']
  name: string
  /** The name was typed and is not changed with the kind. */
  named: boolean
  url: string
  key: string
  /** Of a key that is kept already. */
  secret: string
}

export function firstDraft(known?: Provider): ProviderDraft {
  if (!known) return { kind: 'openai', name: KINDS.openai.label, named: false, url: '', key: '', secret: '' }
  return { kind: known.kind, name: known.name, named: true, url: known.url ?? '', key: '', secret: known.secret ?? '' }
}

export function draftFaults(draft: ProviderDraft): Partial<Record<'name' | 'url' | 'key', string>> {
  const faults: Partial<Record<'name' | 'url' | 'key', string>> = {}
  if (idOf(draft.name) === '') faults.name = 'Give it a name with a letter in it.'
  const url = draft.url.trim() === '' ? null : URL.parse(draft.url.trim())
  if (draft.url.trim() !== '' && (!url || !/^https?:$/.test(url.protocol))) faults.url = 'Write it like http://127.0.0.1:1234/v1.'
  if (KINDS[draft.kind].key === 'always' && draft.key === '' && draft.secret === '') faults.key = 'It does not answer without a key.'
  else if (draft.key !== '' && draft.key.length < 8) faults.key = 'This is too short for a key.'
  return faults
}

/** `My server (2)` becomes `my-server-2`; empty when nothing is left. */
export function idOf(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 40)
}

/** `host:port` that a key may be sent to. */
export function hostOf(url: string): string {
  const { hostname, port, protocol } = new URL(url)
  return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`
}
