import { homedir } from 'node:os'
import type { DecisionKind, DecisionSubject } from '../decisions/subject.ts'

/** A decision as the rules see it. */
export interface Seen {
  readonly id: string
  readonly at: number
  readonly kind: DecisionKind
  readonly run: string | null
  readonly agent: string | null
  readonly tool: string | null
  readonly reason: string | null
  readonly subject: DecisionSubject
}

/** One thing that a decision says about a topic: for or against the sentence that the topic would become. */
export interface Sign {
  /** Stable; the sentence is proposed once a topic. */
  readonly topic: string
  readonly speaksFor: boolean
  readonly sentence: string
}

/** A rule turns one decision into signs. It looks at nothing else, so that rules are tested as tables. */
export type Rule = (seen: Seen, home?: string) => Sign[]

/** “Leave files in ~/Desktop where they are.”: the same kind of change refused for the same place. */
const refusedPlace: Rule = (seen, home = homedir()) => {
  if (seen.kind !== 'refused' && seen.kind !== 'approved') return []
  return seen.subject.touched.flatMap(({ kind, place }) => {
    const sentence = place === null ? null : leaveAlone(kind, short(place, home))
    return sentence === null ? [] : [{ topic: `place ${kind} ${place}`, speaksFor: seen.kind === 'refused', sentence }]
  })
}

function leaveAlone(kind: string, place: string): string | null {
  switch (kind) {
    case 'file-move':
      return `Leave files in ${place} where they are.`
    case 'file-copy':
      return `Do not copy files from ${place}.`
    case 'file-write':
      return `Do not write files in ${place}.`
    case 'file-remove':
      return `Do not remove files in ${place}.`
    case 'folder-make':
      return `Make no folders in ${place}.`
    case 'request-send':
      return `Send nothing to ${place}.`
    case 'page-act':
      return `Do not fill in or press anything on ${place}.`
    case 'command-run':
      return `Do not run ${place}.`
    case 'fs.read':
      return `Do not read files in ${place}.`
    case 'fs.write':
      return `Do not change files in ${place}.`
    case 'net':
      return `Do not talk to ${place}.`
    case 'exec':
      return `Do not run ${place}.`
    default:
      return /^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/.test(kind) ? `Do not use ${kind} in ${place}.` : null
  }
}

/** “Use “Archive” for “folder” of “Tidy a folder”.”: an input changed to the same value again and again. */
const sameValue: Rule = (seen) =>
  seen.kind !== 'edited'
    ? []
    : seen.subject.edits.map(({ name, title, to }) => {
        const where = seen.tool ?? `“${oneLine(seen.subject.plan.name)}”`
        return {
          topic: `value ${seen.tool ?? seen.subject.plan.id} ${name} ${JSON.stringify(to)}`,
          speaksFor: true,
          sentence: `Use ${valueWords(to)} for “${oneLine(title)}” of ${where}.`,
        }
      })

/** “Leave .iso files out of “Tidy a folder”.”: the same sort of thing unticked. */
const untickedSort: Rule = (seen, home = homedir()) => {
  if (seen.kind !== 'unticked' || seen.subject.touched.length === 0) return []
  const { touched, plan } = seen.subject
  const name = `“${oneLine(plan.name)}”`
  const [extension, otherExtension] = new Set(touched.map((one) => one.extension))
  const [place, otherPlace] = new Set(touched.map((one) => one.place))
  if (extension && otherExtension === undefined)
    return [{ topic: `unticked ${plan.id} ${extension}`, speaksFor: true, sentence: `Leave ${extension} files out of ${name}.` }]
  if (place && otherPlace === undefined)
    return [{ topic: `unticked ${plan.id} ${place}`, speaksFor: true, sentence: `Leave ${short(place, home)} out of ${name}.` }]
  return []
}

/** “Ask me before you start “Tidy a folder”.”: its runs were undone. */
const undonePlan: Rule = ({ kind, subject: { plan } }) =>
  kind === 'undone'
    ? [{ topic: `undone ${plan.id}`, speaksFor: true, sentence: `Ask me before you start “${oneLine(plan.name)}”: I took it back before.` }]
    : []

/** A person's own words: the same reason given for a refusal. */
const sameReason: Rule = ({ kind, reason }) => {
  const words = oneLine(reason ?? '')
  if (kind !== 'refused' || words.length < 4) return []
  const sentence = `${words[0]?.toUpperCase()}${words.slice(1)}${/[.!?]$/.test(words) ? '' : '.'}`
  return [{ topic: `reason ${words.toLowerCase().replace(/[.!?]+$/, '')}`, speaksFor: true, sentence }]
}

export const RULES: readonly Rule[] = [refusedPlace, sameValue, untickedSort, undonePlan, sameReason]

const short = (place: string, home: string): string =>
  oneLine(place === home || place.startsWith(`${home}/`) ? `~${place.slice(home.length)}` : place)

/** Names of files and plans are other people's words: no line break and no invisible sign of theirs gets into a sentence. */
const oneLine = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll(/ {2,}/g, ' ')
    .trim()
    .slice(0, 200)

const valueWords = (value: string | number | boolean): string => (typeof value === 'string' ? `“${oneLine(value)}”` : String(value))
