import type { Capability, Model, ModelAdvice } from '@life-os/contract'
import { SHARE_OF_MEMORY } from './router.ts'

interface Advised {
  name: string
  title: string
  why: string
  /** Bytes on disk, as its library tells. */
  size: number
  capabilities: readonly Capability[]
}

const MB = 1_000_000
const GB = 1_000 * MB
const TALKS: readonly Capability[] = ['text', 'tools', 'structured']
const SEES: readonly Capability[] = ['text', 'vision', 'structured']
const EMBEDS: readonly Capability[] = ['embed']

/** Well-known small models of Ollama's library (sizes as of 2025-11), small ones first within what they do. */
const ADVISED: readonly Advised[] = [
  { name: 'qwen3:0.6b', title: 'Qwen 3, 0.6 B', why: 'runs anywhere; for short and simple answers', size: 523 * MB, capabilities: TALKS },
  { name: 'llama3.2:1b', title: 'Llama 3.2, 1 B', why: 'quick on a machine without a graphics card', size: 1.3 * GB, capabilities: TALKS },
  { name: 'qwen3:1.7b', title: 'Qwen 3, 1.7 B', why: 'calls tools well for its size', size: 1.4 * GB, capabilities: TALKS },
  { name: 'llama3.2:3b', title: 'Llama 3.2, 3 B', why: 'a good all-rounder for 8 GB of memory', size: 2 * GB, capabilities: TALKS },
  {
    name: 'qwen3:4b',
    title: 'Qwen 3, 4 B',
    why: 'reliable tool calls; the smallest we would plan with',
    size: 2.5 * GB,
    capabilities: TALKS,
  },
  { name: 'qwen3:8b', title: 'Qwen 3, 8 B', why: 'plans and agents on 16 GB of memory', size: 5.2 * GB, capabilities: TALKS },
  { name: 'qwen3:14b', title: 'Qwen 3, 14 B', why: 'better plans where there is memory for it', size: 9.3 * GB, capabilities: TALKS },
  { name: 'gpt-oss:20b', title: 'gpt-oss, 20 B', why: 'strong reasoning and tool calls', size: 14 * GB, capabilities: TALKS },
  {
    name: 'qwen3:32b',
    title: 'Qwen 3, 32 B',
    why: 'close to the cloud, for machines with much memory',
    size: 20 * GB,
    capabilities: TALKS,
  },
  { name: 'qwen2.5-coder:7b', title: 'Qwen 2.5 Coder, 7 B', why: 'for code', size: 4.7 * GB, capabilities: TALKS },
  { name: 'gemma3:4b', title: 'Gemma 3, 4 B', why: 'sees pictures on 8 GB of memory', size: 3.3 * GB, capabilities: SEES },
  { name: 'qwen2.5vl:7b', title: 'Qwen 2.5 VL, 7 B', why: 'reads documents and screens in pictures', size: 6 * GB, capabilities: SEES },
  { name: 'gemma3:12b', title: 'Gemma 3, 12 B', why: 'sees more and writes better', size: 8.1 * GB, capabilities: SEES },
  { name: 'all-minilm', title: 'All-MiniLM', why: 'search by meaning, tiny', size: 46 * MB, capabilities: EMBEDS },
  { name: 'nomic-embed-text', title: 'Nomic Embed', why: 'search by meaning in longer texts', size: 274 * MB, capabilities: EMBEDS },
]

/** Weights and their caches while it runs. */
const memoryOf = (size: number): number => Math.round(size * 1.2 + 400 * MB)

/** What is worth having on a machine with so much memory, what fits first. */
export function adviceFor(memory: number, installed: readonly Model[]): ModelAdvice[] {
  const names = new Set(installed.map(({ name }) => name.replace(/:latest$/, '')))
  return ADVISED.map(({ capabilities, ...model }) => ({
    ...model,
    memory: memoryOf(model.size),
    capabilities: [...capabilities],
    fits: memoryOf(model.size) <= memory * SHARE_OF_MEMORY,
    installed: names.has(model.name),
  })).toSorted((a, b) => Number(b.fits) - Number(a.fits))
}

/** Bytes on disk that a model will take, where it is known before it comes. */
export const sizeOfAdvised = (name: string): number | null =>
  ADVISED.find((model) => model.name === name.replace(/:latest$/, ''))?.size ?? null
