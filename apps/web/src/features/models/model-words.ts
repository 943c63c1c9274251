import type { Capability, Model, Provider, ProviderConfig } from '@life-os/contract'
import { bytes, number } from '../../lib/format.ts'

export const CAPABILITY: Record<Capability, string> = {
  text: 'text',
  vision: 'pictures in',
  tools: 'tools',
  structured: 'JSON',
  embed: 'embeddings',
  rerank: 'reranking',
  image: 'pictures out',
  video: 'video',
  speech: 'speech',
  transcribe: 'transcripts',
}

/** Always in the same order, so that lines can be compared. */
export const inOrder = (capabilities: readonly Capability[]): { capability: Capability; word: string }[] =>
  capabilities
    .map((capability) => ({ capability, word: CAPABILITY[capability] }))
    .toSorted((a, b) => ORDER.indexOf(a.capability) - ORDER.indexOf(b.capability))
const ORDER: readonly string[] = Object.keys(CAPABILITY)

export const PROVIDER_STATE: Record<Provider['state'], { word: string; tone: 'add' | 'remove' | 'change' | 'plain' }> = {
  ready: { word: 'Ready', tone: 'add' },
  unreachable: { word: 'Does not answer', tone: 'remove' },
  refused: { word: 'Key refused', tone: 'remove' },
  resting: { word: 'Resting after faults', tone: 'change' },
  disabled: { word: 'Off', tone: 'plain' },
  unchecked: { word: 'Not checked yet', tone: 'plain' },
}

export interface KindWords {
  label: string
  hint: string
  url: string
  /** `always`: it does not answer without a key. */
  key: 'always' | 'maybe' | 'never'
}
export const KINDS: Record<ProviderConfig['kind'], KindWords> = {
  ollama: { label: 'Ollama', hint: 'Models on this machine or another of yours.', url: 'http://127.0.0.1:11434', key: 'never' },
  'openai-compatible': {
    label: 'OpenAI-compatible',
    hint: 'LM Studio, vLLM, llama.cpp and others.',
    url: 'http://127.0.0.1:1234/v1',
    key: 'maybe',
  },
  openai: { label: 'OpenAI', hint: 'Needs a key; costs money.', url: 'https://api.openai.com/v1', key: 'always' },
  anthropic: { label: 'Anthropic', hint: 'Needs a key; costs money.', url: 'https://api.anthropic.com/v1', key: 'always' },
  google: { label: 'Google', hint: 'Needs a key; costs money.', url: 'https://generativelanguage.googleapis.com/v1beta', key: 'always' },
}

/** Size, context and parameters, as far as they are known. */
export function modelFacts(model: Model): string {
  return [
    model.parameters,
    model.size === null ? null : bytes(model.size),
    model.context === null ? null : `${number(model.context)} tokens of context`,
  ]
    .filter((word) => word !== null)
    .join(' · ')
}

export const share = (value: number | null): string => (value === null ? 'not measured' : `${Math.round(value * 100)} %`)
