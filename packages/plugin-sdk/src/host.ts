import type { HostBrowser } from './host-browser.ts'
import type { HostModels } from './host-models.ts'

/**
 * The host as a tool sees it, version 1. Each call is checked against what was decided for this tool call.
 * During a preview the same calls are recorded instead of made and later reads answer from the predicted state.
 * Every failed call throws an error with a stable `code`.
 */
export interface HostV1 {
  readonly version: 1
  readonly fs: HostFs
  readonly net: HostNet
  readonly exec: HostExec
  readonly secrets: HostSecrets
  readonly blobs: HostBlobs
  readonly models: HostModels
  readonly browser: HostBrowser
  /** This plugin's settings as a person set them; a field marked secret holds the secret's name. */
  readonly settings: { get(): Promise<Record<string, unknown>> }
  /**
   * Asks for resources beyond what the tool's `needs` named. Resolves when they are allowed for this call. Otherwise the
   * call ends, the person is asked, and after a yes the call is made again from its beginning: ask before any change.
   */
  readonly request: (needs: readonly { kind: string; resource: string }[]) => Promise<void>
  readonly clock: { now(): Promise<number> }
  readonly random: { uuid(): Promise<string>; bytes(count: number): Promise<Uint8Array> }
  readonly log: (level: 'debug' | 'info' | 'warn' | 'error', message: string, data?: Record<string, unknown>) => void
  /** `of` unknown: leave it out. Shown while the tool runs. */
  readonly progress: (note: { done: number; of?: number; unit?: string; now?: string }) => void
  /** Aborted when the call is cancelled, revoked or timed out. */
  readonly signal: AbortSignal
  /** The same for every try of this call; a redo has a new one. */
  readonly key: string
  /** `preview` while changes are recorded and not made. For wording only; a tool must not branch its effects on it. */
  readonly phase: 'preview' | 'run'
}

export type EntryKind = 'file' | 'folder' | 'link' | 'special'
/** Times in milliseconds since 1970 UTC (mtime may be fractional), sizes in bytes. */
export interface FileStat {
  path: string
  name: string
  kind: EntryKind
  size: number
  mode: number
  mtime: number
  created: number
  /** Where a link points, as written. */
  target?: string
  /** Present when the entry cannot be read, with the reason. */
  unreadable?: string
}
export interface Sniffed {
  path: string
  /** MIME type by content; `application/octet-stream` when unknown, `text/plain` for text without a better answer. */
  mime: string
  extension: string | null
  group: 'document' | 'picture' | 'audio' | 'video' | 'archive' | 'code' | 'installer' | 'data' | 'font' | 'other'
  /** When a photo was taken (EXIF, local time read as UTC milliseconds), or null. */
  takenAt: number | null
  /** The camera or maker when known. */
  camera: string | null
}
export interface ListOptions {
  recursive?: boolean
  /** Globs relative to the folder; default everything. */
  include?: string[]
  exclude?: string[]
  hidden?: boolean
  /** At most this many entries; more is error `list-too-long`. Default 100,000. */
  max?: number
  maxDepth?: number
}

/** Absolute paths only. Never overwrites: a clash takes the next free numbered name, which is what these return. */
export interface HostFs {
  stat(path: string): Promise<FileStat | null>
  /** Resolves with what changed directly in a folder (or below with `recursive`), or with nothing after `timeout` milliseconds (at most 10 minutes). In a preview it ends what can be foreseen. */
  watch(path: string, options: { timeout: number; recursive?: boolean }): Promise<{ path: string; kind: 'made' | 'changed' | 'gone' }[]>
  list(path: string, options?: ListOptions): Promise<FileStat[]>
  /** At most 8 MiB a call: page with offset and length for more. */
  read(path: string, options?: { offset?: number; length?: number }): Promise<Uint8Array>
  /** Whole file as text; `file-not-text` when it is not valid in the encoding (default utf-8). */
  readText(path: string, options?: { encoding?: string; maxBytes?: number }): Promise<string>
  hash(paths: string[]): Promise<{ path: string; hash: string }[]>
  sniff(paths: string[]): Promise<Sniffed[]>
  /** Bytes on disk below a path. */
  usage(path: string): Promise<{ files: number; folders: number; bytes: number; largest: { path: string; bytes: number }[] }>
  /**
   * Writes a whole file. `replace`: an existing file is replaced and kept for undo; otherwise a clash takes a numbered name.
   * `expect` (SHA-256 or null for absent): fails with `file-changed` when the present content differs.
   */
  write(
    path: string,
    content: string | Uint8Array,
    options?: { replace?: boolean; expect?: string | null; mtime?: number },
  ): Promise<{ path: string }>
  append(path: string, content: string | Uint8Array): Promise<{ path: string }>
  /** Writes a stored blob to a file without passing its bytes through the plugin. */
  writeBlob(path: string, blob: string, options?: { replace?: boolean }): Promise<{ path: string }>
  /** Makes a folder and its missing parents; fine if it is there. */
  makeFolder(path: string): Promise<{ path: string }>
  /** Missing parent folders are made. */
  move(from: string, to: string): Promise<{ path: string }>
  copy(from: string, to: string): Promise<{ path: string }>
  /** To the trash: exactly reversible. */
  remove(path: string): Promise<void>
}

/** How the host adds a secret to a request at the last hop; the plugin never sees its value. */
export interface SecretUse {
  secret: string
  /** Default: `bearer` for tokens and OAuth2, `basic` for kind `basic`. `header`, `query` and `form` need a `name`. */
  as?: 'bearer' | 'basic' | 'header' | 'query' | 'form'
  name?: string
}
export interface HostSecrets {
  /** The bare value. Needs `secret.read:<name>`, which is high-risk; prefer `auth` of a request. */
  read(name: string): Promise<string>
}

/** One command in a one-shot box: no environment of this machine, no network and no folder but those named here. */
export interface Command {
  /** A name found in the box (`git`, `python3`, `sh`) or an absolute path below /usr. */
  program: string
  args?: string[]
  /** Text for the program's standard input, or what an interpreter reads when `args` say so. Shown in the preview. */
  script?: string
  stdin?: string | Uint8Array
  /** A mounted folder; default the first mount, else an empty scratch folder. */
  cwd?: string
  env?: Record<string, string>
  /** Folders of this machine, seen under their own paths. */
  mounts?: { path: string; access: 'read' | 'write' }[]
  /** `host:port` reached through the host's filtering proxy (`http_proxy`, `https_proxy`). */
  network?: string[]
  /** Secrets that the proxy adds to requests to a host; the box speaks plain HTTP to it, the host speaks TLS outside. */
  auth?: (SecretUse & { host: string })[]
  /** Milliseconds (default 60,000, at most an hour), MiB (default 512), processes (default 64), bytes of output kept (default 1 MiB). */
  limits?: { time?: number; memory?: number; pids?: number; output?: number }
  /** Run in the preview with every mount read-only and no network; its output is shown as what this command is about, for example `git diff --cached`. */
  shows?: { program: string; args: string[] }
}
export interface CommandResult {
  /** Null when a signal ended it. */
  code: number | null
  signal: string | null
  /** UTF-8, invalid bytes replaced; cut at the output limit. */
  stdout: string
  stderr: string
  /** Why it was ended before its time. */
  cut: 'time' | 'memory' | 'output' | null
  /** Milliseconds. */
  duration: number
}
export interface HostExec {
  /** Runs a command that may change what it reaches: external, and final unless the tool compensates. */
  run(command: Command): Promise<CommandResult>
  /**
   * Runs a command on a copy of `folder` (at most `maxBytes`, default 256 MiB). What it changed there becomes file changes of
   * the real folder: shown in the preview, exactly reversible. No other writable mount and no network.
   * Only a command that ends by itself with code 0 changes anything; links, pipes and modes are no file changes
   * (`view-not-applicable`, modes are left as they are).
   */
  view(command: Command & { folder: string; maxBytes?: number }): Promise<CommandResult & { changed: string[] }>
  /**
   * Computes: no network, mounts read-only, `files` laid into the working folder. What it leaves there (at most 100 files,
   * 64 MiB) comes back as blobs. Changes nothing outside its box.
   */
  compute(
    command: Command & { files?: { name: string; blob: string }[] },
  ): Promise<CommandResult & { files: { name: string; blob: string; size: number; mime: string }[] }>
}

export interface FetchOptions {
  /** A secret added by the host at the last hop. Needs `secret.use:<name>`; sent only to hosts that the secret is meant for. */
  auth?: SecretUse
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  headers?: Record<string, string>
  body?: string | Uint8Array
  /** Bytes; default 16 MiB. */
  maxBytes?: number
  /** Milliseconds; default 30,000. */
  timeout?: number
  maxRedirects?: number
}
export interface FetchAnswer {
  url: string
  status: number
  headers: Record<string, string>
  body: Uint8Array
}
export interface HostNet {
  fetch(url: string, options?: FetchOptions): Promise<FetchAnswer>
  /**
   * Fetches into a blob, resuming with Range where the server allows it. `resume` names a blob of the bytes had so far.
   * Size at most `maxBytes` (default 2 GiB).
   */
  download(
    url: string,
    options?: { auth?: SecretUse; headers?: Record<string, string>; maxBytes?: number; timeout?: number; sha256?: string },
  ): Promise<{
    blob: string
    size: number
    url: string
    mime: string | null
    fileName: string | null
  }>
}
export interface HostBlobs {
  put(content: string | Uint8Array): Promise<{ blob: string; size: number }>
  get(blob: string): Promise<Uint8Array>
}
