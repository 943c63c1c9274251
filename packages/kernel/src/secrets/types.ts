import type { NewSecret, Secret } from '@life-os/contract'

/** A secret's material, for the host's last hop alone. Never logged, journaled or handed to a plugin. */
export type Material =
  | { kind: 'token'; value: string }
  | { kind: 'basic'; user: string; value: string }
  /** The access token, refreshed by `secrets.use` when it is about to end. */
  | { kind: 'oauth2'; value: string }

/** On whose behalf a secret is used or read, for the audit record. */
export interface SecretUser {
  actor: string
  run?: string
  step?: string
  tool?: string
}

export interface Secrets {
  list(): Promise<Secret[]>
  get(name: string): Promise<Secret | undefined>
  /** Errors: `secret-too-short`, `secret-invalid`, `secrets-key-exposed`. */
  set(secret: NewSecret, by: string): Promise<Secret>
  /** Error: `secret-missing`. */
  remove(name: string, by: string): Promise<void>
  /**
   * The material of a secret for a request to `host:port`, noted in the audit record. `rejected`: the value that the other
   * side has just refused, which an OAuth2 secret is then refreshed in place of. Errors: `secret-missing` (the run asks a
   * person for it), `secret-elsewhere` when the secret is not meant for that place, `secret-refresh-failed`, `secret-unreadable`.
   */
  use(name: string, place: string, signal: AbortSignal, by?: SecretUser, rejected?: string): Promise<Material>
  /** The bare value, after the gate allowed `secret.read:<name>`; of kind `oauth2` the access token. Audited. */
  read(name: string, by: SecretUser): Promise<string>
  /** Encrypts everything under a new key. Answers how many. */
  rotateKey(by: string): Promise<number>
  /** Replaces known values in whatever leaves: logs, journal, events, previews, errors, exports. */
  readonly redactor: Redactor
  /** The same for the values of those secrets alone that may be sent to one of these `host:port` places. */
  redactorFor(places: readonly string[]): Redactor
}

/** Knows the values of all secrets in every form they may appear in (plain, JSON, percent, HTML, hex, base64, basic). */
export interface Redactor {
  /** Text with each known value replaced by `[secret:<name>]`. Returns the same string when nothing was found. */
  text(text: string): string
  /** Bytes likewise; the same array when nothing was found. */
  bytes(bytes: Uint8Array): Uint8Array
  /** A copy of JSON-like data with every string redacted; the same object when nothing was found. */
  value<T>(value: T): T
  /** For bytes that come in pieces: holds back only what may be the beginning of a value. */
  stream(): RedactingStream
  /** False while no secret is known, so that callers may skip the work. */
  readonly active: boolean
}

export interface RedactingStream {
  /** What of this and earlier pieces can be let go. */
  push(bytes: Uint8Array): Uint8Array
  /** What was held back. */
  end(): Uint8Array
  /** Something was replaced so far. */
  readonly found: boolean
}
