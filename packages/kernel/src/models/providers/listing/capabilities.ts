import type { Capability, ProviderKind } from '@life-os/contract'

/** What a model can do where its provider does not tell, by its name. The first row that fits counts. */
interface Row {
  kinds?: readonly ProviderKind[]
  names: RegExp
  capabilities: readonly Capability[]
}
const TEXT: Capability[] = ['text', 'tools', 'structured']
const SEES: Capability[] = [...TEXT, 'vision']

const ROWS: readonly Row[] = [
  { names: /rerank/i, capabilities: ['rerank'] },
  { names: /embed|(^|[/-])(bge|gte|e5|minilm|nomic|arctic-embed)\b/i, capabilities: ['embed'] },
  { names: /whisper|transcri/i, capabilities: ['transcribe'] },
  { names: /(^|[-/])tts|(^|-)speech|kokoro/i, capabilities: ['speech'] },
  { names: /dall-e|gpt-image|chatgpt-image|imagen|flux|stable-diffusion|-image(-|$)/i, capabilities: ['image'] },
  { names: /^(sora|veo)/i, capabilities: ['video'] },
  { names: /realtime|moderation|audio|live|-search|codex-mini|computer-use|^aqa$|davinci|babbage|deep-research/i, capabilities: [] },

  { kinds: ['openai'], names: /^(gpt-4o|gpt-4\.1|gpt-4-turbo|gpt-[5-9]|o[1-9]|chatgpt)/, capabilities: SEES },
  { kinds: ['openai'], names: /^gpt-3\.5-turbo-instruct/, capabilities: [] },
  { kinds: ['openai'], names: /^gpt-/, capabilities: TEXT },
  { kinds: ['anthropic'], names: /^claude/, capabilities: SEES },
  { kinds: ['google'], names: /^gemini/, capabilities: SEES },
  { kinds: ['google'], names: /^gemma-3n?-(4b|12b|27b|e)/, capabilities: ['text', 'vision', 'structured'] },
  { kinds: ['google'], names: /^gemma/, capabilities: ['text'] },
  // A vendor's new name: what all of its newer ones can do.
  { kinds: ['openai', 'anthropic', 'google'], names: /./, capabilities: TEXT },

  {
    names: /llava|bakllava|moondream|minicpm-v|vision|[-.]?vl\b|-vl-|pixtral|gemma-?3(?!.*(1b|270m))/i,
    capabilities: ['text', 'vision', 'structured'],
  },
  {
    names:
      /qwen|llama-?(3\.[1-9]|[4-9])|mistral|mixtral|ministral|devstral|magistral|granite|gpt-oss|command-r|hermes|phi-?4|glm|deepseek|kimi|smollm|nemotron/i,
    capabilities: TEXT,
  },
  // Servers of local models constrain output themselves.
  { names: /./, capabilities: ['text', 'structured'] },
]

export function capabilitiesByName(kind: ProviderKind, name: string): Capability[] {
  return [...(ROWS.find((row) => (row.kinds?.includes(kind) ?? true) && row.names.test(name))?.capabilities ?? [])]
}

/** Tokens that a model takes in where its provider does not tell. */
const CONTEXTS: readonly { kind: ProviderKind; names: RegExp; context: number }[] = [
  { kind: 'openai', names: /^gpt-4\.1/, context: 1_047_576 },
  { kind: 'openai', names: /^gpt-[5-9]/, context: 400_000 },
  { kind: 'openai', names: /^o[1-9]/, context: 200_000 },
  { kind: 'openai', names: /^(gpt-4o|gpt-4-turbo|chatgpt)/, context: 128_000 },
  { kind: 'openai', names: /^gpt-4/, context: 8_192 },
  { kind: 'openai', names: /^gpt-3\.5/, context: 16_385 },
  { kind: 'openai', names: /^text-embedding/, context: 8_191 },
  { kind: 'anthropic', names: /^claude/, context: 200_000 },
]
export function contextByName(kind: ProviderKind, name: string): number | null {
  return CONTEXTS.find((row) => row.kind === kind && row.names.test(name))?.context ?? null
}
