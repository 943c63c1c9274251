import { z } from 'zod'
import { Id, Json, Money, Time } from '../common/values.ts'
import { Labels } from '../common/labels.ts'

/** `read` changes nothing; `write` stays inside what Life-OS can restore; `external` goes outside it. */
export const Effect = z.enum(['read', 'write', 'external'])
export type Effect = z.infer<typeof Effect>
/** `exact`: the host restores the before-image; `compensate`: the tool has an inverse; `none`: final. */
export const Reversal = z.enum(['exact', 'compensate', 'none'])
export type Reversal = z.infer<typeof Reversal>
export const Risk = z.enum(['low', 'medium', 'high'])
export type Risk = z.infer<typeof Risk>

/** What a file system entry looked like. `ino`, `dev` identify it; `hash` (SHA-256) is there when it was cheap or needed. */
export const FileImage = z.object({
  kind: z.enum(['file', 'folder', 'link', 'special']),
  size: z.int().min(0),
  mode: z.int(),
  mtime: z.number(), // milliseconds, may be fractional
  ino: z.string().optional(),
  dev: z.string().optional(),
  target: z.string().optional(), // of a link
  hash: z.string().optional(),
  blob: z.string().optional(), // content kept by the host
  trash: z.string().optional(), // where the host keeps it
})
export type FileImage = z.infer<typeof FileImage>

const path = z.string()
const shared = {
  /** What a person reads first, in one line. */
  summary: z.string(),
  reversal: Reversal,
  /** Some part is known only after earlier steps ran; `target` parts may then hold `*`. */
  unknown: z.boolean().optional(),
  /** The name that was asked for when a clash gave it a number. */
  clash: path.optional(),
  /** When the file it takes was last changed (milliseconds), so that an edit after the approval is noticed. */
  modified: z.number().optional(),
  /** Bytes this change moves or writes. */
  bytes: z.int().min(0).optional(),
}

export const FileMove = z.object({ kind: z.literal('file-move'), from: path, to: path, ...shared })
export const FileCopy = z.object({ kind: z.literal('file-copy'), from: path, to: path, ...shared })
export const FileWrite = z.object({
  kind: z.literal('file-write'),
  path,
  /** SHA-256 of the bytes to be written; absent while unknown. */
  hash: z.string().optional(),
  before: z.string().optional(), // SHA-256 of what is replaced
  /** A unified diff when both sides are text of moderate size; of a new file, its whole text. */
  diff: z.string().optional(),
  /**
   * Why there is no diff: a side is no text (in UTF-8), is too large, changes in too many lines, or the preview shows as much
   * text as it holds. Absent of what earlier versions recorded, and while the content is unknown.
   */
  unshown: z.enum(['binary', 'large', 'changed-much', 'enough']).optional(),
  /** What the content that is not shown is, by its bytes: a media type. */
  type: z.string().optional(),
  ...shared,
})
export const FileRemove = z.object({ kind: z.literal('file-remove'), path, ...shared })
export const FolderMake = z.object({ kind: z.literal('folder-make'), path, ...shared })
export const RequestSend = z.object({
  kind: z.literal('request-send'),
  method: z.string(),
  url: z.string(),
  body: z.string().optional(),
  /** The name of a secret that the host adds; in `url` and `body` its name stands for its value. */
  secret: z.string().optional(),
  ...shared,
})
/** One command in a box of its own: what it is, and all it may touch. */
export const CommandRun = z.object({
  kind: z.literal('command-run'),
  program: z.string(),
  args: z.array(z.string()),
  /** The text handed to an interpreter, when that is what runs. */
  script: z.string().optional(),
  cwd: path.optional(),
  /** Folders of this machine that it sees, and how. */
  mounts: z.array(z.object({ path, access: z.enum(['read', 'write']) })),
  /** `host:port` that it may reach, all through the host; empty means no network at all. */
  network: z.array(z.string()),
  /** Names of secrets that the host adds to its requests. */
  secrets: z.array(z.string()),
  /** SHA-256 of what goes to its standard input. */
  stdin: z.string().optional(),
  /** Its environment beyond what every box has. */
  env: z.record(z.string(), z.string()).optional(),
  /** False: this machine has no sandbox and it would run with this person's own power. */
  sandboxed: z.boolean(),
  /** What a read-only companion command said just before, for example `git diff`. Written by the host. */
  shows: z.object({ command: z.string(), text: z.string() }).optional(),
  ...shared,
})
/** A field of a form as it stands on the page. */
export const PageField = z.object({
  /** Its name in the form, and what a person reads beside it. */
  name: z.string(),
  label: z.string(),
  /** As it would be sent; of a secret or a password only that it is filled in. */
  value: z.string(),
  kind: z.enum(['text', 'choice', 'file', 'hidden', 'password', 'secret']),
  /** The name of the secret that the host filled in. */
  secret: z.string().optional(),
})
export type PageField = z.infer<typeof PageField>
/** One action on a web page, and what the page would send with it. Written by the host from the page itself. */
export const PageAct = z.object({
  kind: z.literal('page-act'),
  /** The page that it happens on. */
  url: z.string(),
  title: z.string(),
  action: z.enum(['click', 'press', 'save-session']),
  /** What is pressed, as a person sees it: `button “Send”`. */
  target: z.string(),
  /** How and where the form goes; absent where the page itself decides. */
  form: z.object({ method: z.string(), url: z.string() }).optional(),
  fields: z.array(PageField),
  /** A picture of the filled page (PNG blob), secrets covered. */
  screenshot: z.string().optional(),
  ...shared,
})
/** An effect restored by an undo, when it is none of the file changes above. */
export const EffectRestore = z.object({ kind: z.literal('effect-restore'), effect: Id, conflict: z.string().optional(), ...shared })

/** One line of a preview: exactly what one mutating host call would do. */
export const Change = z.discriminatedUnion('kind', [
  FileMove,
  FileCopy,
  FileWrite,
  FileRemove,
  FolderMake,
  RequestSend,
  CommandRun,
  PageAct,
  EffectRestore,
])
export type Change = z.infer<typeof Change>

/** What happened to an effect record. `started` without `finished` is what a crash leaves. */
export const EffectState = z.enum(['started', 'finished', 'not-applied', 'undone'])

/** The host's record of one effect: the source of undo, audit and reconcile. Written by the host, never by the plugin. */
export const EffectRecord = z.object({
  id: Id,
  run: Id,
  path: z.string(),
  try: z.int(),
  seq: z.int(),
  plugin: z.string(),
  pluginVersion: z.string(),
  tool: z.string(),
  change: Change,
  before: z.record(z.string(), FileImage.nullable()),
  after: z.record(z.string(), FileImage.nullable()).nullable(),
  state: EffectState,
  at: Time,
  /** The date until which the before-image is kept. */
  until: Time.nullable(),
  labels: Labels,
})
export type EffectRecord = z.infer<typeof EffectRecord>

/** Totals over a set of changes. */
export const ChangeTotals = z.object({
  changes: z.int(),
  files: z.int(),
  folders: z.int(),
  bytes: z.int(),
  clashes: z.int(),
  requests: z.int(),
  commands: z.int().default(0),
  final: z.int(),
  unknown: z.int(),
  conflicts: z.int(),
  money: Money.optional(),
})
export type ChangeTotals = z.infer<typeof ChangeTotals>
export { Json }
