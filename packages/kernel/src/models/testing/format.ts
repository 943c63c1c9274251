import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import type { FullAnswer } from './answers.ts'
import type { WireMessage, WireModel, WireOptions, WireRequest } from './types.ts'

/** A frame of a stream. `token`: a piece of text, which waits for the test's pace. */
export interface Frame {
  data: string
  token: boolean
}

/** One documented wire format: how it asks and answers. */
export interface WireFormat {
  /** Of the provider's address after the origin. */
  base: string
  streamType: string
  /** The request for text in a body; null where the path asks for something else. */
  read(path: string, body: Body): WireRequest | null
  authorised(headers: IncomingHttpHeaders, key: string): boolean
  error(status: number, message: string): unknown
  frames(answer: FullAnswer, request: WireRequest): Iterable<Frame>
  /** An error in the middle of a stream. */
  failure(message: string): string
  whole(answer: FullAnswer, request: WireRequest): unknown
  /** Answers whatever else is documented; false where nothing is. */
  other(call: OtherCall): Promise<boolean>
}
export interface OtherCall {
  method: string
  path: string
  body: Body
  models: WireModel[]
  options: WireOptions
  response: ServerResponse
}

/** JSON from outside: any part may be missing. */
export type Body = { readonly [key: string]: unknown }

export function record(value: unknown): Body {
  // A cast, because a JSON object is a record once null and lists are out.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : {}
}
export function list(value: unknown): Body[] {
  return Array.isArray(value) ? value.map(record) : []
}
export function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
export function parsed(json: unknown): unknown {
  if (typeof json !== 'string') return json
  try {
    return JSON.parse(json)
  } catch {
    return json
  }
}

/** A tool's own id from its name on the wire: ids hold one dot and no underscore. */
export function ownId(name: string): string {
  return name.replace('_', '.')
}
export function message(role: WireMessage['role'], rest: Partial<WireMessage>): WireMessage {
  return { role, text: '', pictures: [], calls: [], results: [], ...rest }
}
export function lastOfPerson(messages: readonly WireMessage[]): string {
  return messages.findLast((entry) => entry.role === 'user' && entry.text !== '')?.text ?? ''
}
export function sendJson(response: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}
export function event(value: unknown, name?: string): string {
  return `${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(value)}\n\n`
}
