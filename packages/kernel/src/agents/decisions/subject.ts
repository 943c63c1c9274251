import { z } from 'zod'
import { Labels } from '@life-os/contract'

/** What one kind of change touched: never a content, only where and what sort of thing. */
export const Touched = z.object({
  /** Of the change, or of the permission, or the tool that was to be called. */
  kind: z.string(),
  tool: z.string().nullable(),
  /** Folder of a file, host of an address, program of a command; null where there is none. */
  place: z.string().nullable(),
  /** With its dot, in lower case; null without one. */
  extension: z.string().nullable(),
})
export type Touched = z.infer<typeof Touched>

/** A value that was given in place of another. Only short, plain values are kept. */
export const Edited = z.object({ name: z.string(), title: z.string(), to: z.union([z.string(), z.number(), z.boolean()]) })
export type Edited = z.infer<typeof Edited>

/** What a decision was about, as `decisions.subject_json` holds it: redacted, without contents. */
export const DecisionSubject = z.object({
  plan: z.object({ id: z.string(), name: z.string() }),
  /** The kind of question; null for an undo. */
  question: z.string().nullable(),
  touched: z.array(Touched).max(50),
  edits: z.array(Edited).max(20),
  /** In a few words, for people. */
  words: z.string(),
  labels: Labels,
})
export type DecisionSubject = z.infer<typeof DecisionSubject>

export type DecisionKind = 'approved' | 'refused' | 'edited' | 'unticked' | 'undone'
