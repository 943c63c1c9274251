import type { PlanInput } from '@life-os/contract'

/** A way of saying, in parts: words that are said, and inputs that stand between them. */
export type SayPart = { kind: 'word'; word: string } | { kind: 'slot'; name: string }
export type ParsedSay = { ok: true; parts: readonly SayPart[] } | { ok: false; message: string }

const SLOT = /^\{([a-zA-Z][a-zA-Z0-9_]*)\}$/

/** Reads the `say` of an intent: `tidy {folder} by {by}`. Punctuation beside a word is not said. */
export function parseSay(say: string): ParsedSay {
  const parts: SayPart[] = []
  for (const piece of say.replaceAll(/([{}])/g, (brace) => (brace === '{' ? ' {' : '} ')).split(/\s+/)) {
    if (piece === '' || /^[.,;:!?]+$/.test(piece)) continue
    const slot = SLOT.exec(piece)?.[1]
    if (slot !== undefined) parts.push({ kind: 'slot', name: slot })
    else if (/[{}]/.test(piece)) return { ok: false, message: `the braces of “${say}” do not hold the name of an input: write {name}` }
    else parts.push({ kind: 'word', word: piece.replaceAll(/^[.,;:!?]+|[.,;:!?]+$/g, '') })
  }
  return faultOf(say, parts) ?? { ok: true, parts }
}

function faultOf(say: string, parts: readonly SayPart[]): ParsedSay | null {
  if (!parts.some((part) => part.kind === 'word'))
    return { ok: false, message: `“${say}” has no word of its own, so that anything would fit: add one` }
  const names = parts.flatMap((part) => (part.kind === 'slot' ? [part.name] : []))
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) return { ok: false, message: `“${say}” has {${twice}} twice: say it once` }
  const beside = parts.findIndex((part, index) => part.kind === 'slot' && parts[index + 1]?.kind === 'slot')
  return beside < 0 ? null : { ok: false, message: `two inputs of “${say}” stand beside each other: put a word between them` }
}

/** Whether a value of this input can be told in words. A record cannot, and what is typed for a secret may be the secret itself. */
export function isSayable(input: PlanInput): boolean {
  if (input.type === 'list') return isSayable(input.of) && input.of.type !== 'list'
  return input.type !== 'record' && input.type !== 'secret'
}
