import type { TokenUsage } from '@life-os/contract'

/** A message as a server reads it, the same for every format. A system text is a message of its own. */
export interface WireMessage {
  role: 'system' | 'user' | 'assistant' | 'tool'
  text: string
  /** Bytes of each picture or file, base64. */
  pictures: string[]
  calls: { tool: string; input: unknown }[]
  results: { tool: string | undefined; text: string }[]
}

/** What a client asked for, the same for every format. Tools have their own ids again (`files.move`). */
export interface WireRequest {
  model: string
  messages: WireMessage[]
  tools: { id: string; name: string; description: string; schema: unknown }[]
  toolChoice: 'auto' | 'none' | 'required'
  /** Of the structured output asked for. */
  schema: unknown
  stream: boolean
  /** Text of the last message of a person. */
  last: string
  /** The body as it came. */
  body: unknown
}

/** What a scripted model says. Without anything: an empty text. */
export interface WireAnswer {
  text?: string
  /** The text in the pieces in which it is sent; instead of `text`, which goes word by word. */
  pieces?: readonly string[]
  reasoning?: string
  /** `raw`: the arguments as they stand on the wire, for broken ones. */
  calls?: readonly { tool: string; input?: unknown; id?: string; raw?: string }[]
  /** Structured output: sent as its JSON. */
  object?: unknown
  finish?: 'stop' | 'length' | 'filter'
  /** Null: the server sends none. Default: counted by the words. */
  usage?: Partial<TokenUsage> | null
  /** Awaited before each piece of text, from 0. */
  pace?: (piece: number) => Promise<void> | void
  /** Awaited before the first byte. */
  before?: Promise<void> | (() => Promise<void>)
  /** An error instead of an answer, in the format's own shape. */
  status?: number
  headers?: Readonly<Record<string, string>>
  message?: string
  /** The connection is destroyed after so many pieces. */
  cutAfter?: number
  /** An error in the middle of the stream, after so many pieces, in the format's own shape. */
  failAfter?: number
  /** This instead of the body, with status 200. */
  garbage?: string
}
export type Scripted = string | WireAnswer
/** Answers in order, one again and again, or worked out from each request. A list that is used up answers 500. */
export type Script = Scripted | readonly Scripted[] | ((request: WireRequest, index: number) => Scripted | Promise<Scripted>)

export interface WireModel {
  name: string
  capabilities?: readonly ('completion' | 'tools' | 'vision' | 'embedding' | 'thinking')[]
  context?: number
  /** Bytes. */
  size?: number
  /** Such as `8.2B`. */
  parameters?: string
  /** Ollama: it answers from another machine. */
  remoteHost?: string
  /** Ollama: it is not told of, or with nothing. */
  untold?: 'missing' | 'empty'
}

/** A request as the server saw it. */
export interface WireSeen {
  method: string
  path: string
  headers: Readonly<Record<string, string | string[] | undefined>>
  body: unknown
  /** Of a request for text. */
  asked: WireRequest | undefined
  /** The client closed the connection before the answer was whole. */
  aborted: boolean
  /** The exchange is over, either way. */
  over: Promise<void>
}

export interface WireOptions {
  models?: readonly (string | WireModel)[]
  answer?: Script
  /** Default: hashed words, so that texts with common words are near. */
  embed?: (text: string) => readonly number[]
  /** Whoever comes without it gets 401. */
  key?: string
  /** Ollama: names that can be pulled; absent: any. */
  library?: readonly string[]
  /** Ollama: awaited before each note of a pull, from 0. */
  pullPace?: (note: number) => Promise<void> | void
  /** Any request is answered by this while it is set. */
  fault?: { status: number; headers?: Record<string, string>; message?: string }
}

export interface WireServer extends AsyncDisposable {
  /** What stands in a provider's configuration. */
  readonly url: string
  /** `host:port`. */
  readonly place: string
  readonly seen: readonly WireSeen[]
  /** The requests for text alone. */
  readonly asked: readonly WireRequest[]
  /** Changes what it does from here on. */
  readonly options: WireOptions
  /** Resolves with the nth request for text, from 0, once it is there. */
  arrived(index?: number): Promise<WireSeen>
}
