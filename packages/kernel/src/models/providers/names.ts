import { createHash } from 'node:crypto'

/** What every provider accepts: letters, digits, `_` and `-`, at most 64 (OpenAI's limit). */
const LONGEST = 64

/** Names of tools on the wire and back. */
export interface ToolNames {
  /** `files.move` as `files_move`. Ids of tools hold no underscore, so that no two meet. */
  encode(id: string): string
  /**
   * The id of a tool that was offered, also where a model wrote `files.move` or `functions.files_move`. Undefined for any
   * other name: it must not become a call.
   */
  offered(name: string): string | undefined
}

export function toolNames(ids: readonly string[]): ToolNames {
  const byName = new Map<string, string>()
  for (const id of ids) byName.set(wireName(id), id)
  return {
    encode: wireName,
    offered: (name) => byName.get(wireName(name)) ?? byName.get(wireName(name.replace(/^(functions?|tools?|default_api)[.:/]/, ''))),
  }
}

/** Also of an unknown name: without a dot it is no tool's id, so that handing it on can only end in `tool-unknown`. */
export function wireName(id: string): string {
  const plain = id.replace(/[^A-Za-z0-9_-]/g, '_')
  if (plain.length <= LONGEST && plain !== '') return plain
  return `${plain.slice(0, LONGEST - 9)}_${createHash('sha256').update(id).digest('hex').slice(0, 8)}`
}
