import type { McpServerConfig } from '@life-os/contract'

/** A server as it stands in the form: lists are texts with a line each. */
export interface McpDraft {
  name: string
  kind: 'stdio' | 'http'
  command: string
  /** Split like a shell would, without running one. */
  args: string
  folders: string
  writable: boolean
  network: string
  env: string
  url: string
  secret: string
}
export type McpFaults = Partial<Record<keyof McpDraft, string>>

export const FIRST: McpDraft = {
  name: '',
  kind: 'stdio',
  command: 'node',
  args: '',
  folders: '',
  writable: false,
  network: '',
  env: '',
  url: '',
  secret: '',
}

export function draftOf({ name, transport }: McpServerConfig): McpDraft {
  if (transport.kind === 'http') return { ...FIRST, name, kind: 'http', url: transport.url, secret: transport.auth?.secret ?? '' }
  return {
    ...FIRST,
    name,
    command: transport.command,
    args: transport.args.map(quoted).join(' '),
    folders: transport.mounts.map((mount) => mount.path).join('\n'),
    writable: transport.mounts.some((mount) => mount.access === 'write'),
    network: transport.network.join('\n'),
    env: Object.entries(transport.env)
      .map(([key, value]) => `${key}=${value}`)
      .join('\n'),
  }
}

const lines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** `a "b c"` is two words; a backslash keeps the next letter. Null when a quotation does not end. */
export function words(text: string): string[] | null {
  const found: string[] = []
  let word: string | null = null
  let quote: string | null = null
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] ?? ''
    if (quote !== null) {
      if (letter === quote) quote = null
      else if (letter === '\\' && quote === '"' && at + 1 < text.length) word = (word ?? '') + (text[++at] ?? '')
      else word = (word ?? '') + letter
    } else if (letter === '"' || letter === "'") {
      quote = letter
      word ??= ''
    } else if (letter === '\\' && at + 1 < text.length) word = (word ?? '') + (text[++at] ?? '')
    else if (/\s/.test(letter)) {
      if (word !== null) found.push(word)
      word = null
    } else word = (word ?? '') + letter
  }
  if (quote !== null) return null
  if (word !== null) found.push(word)
  return found
}

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `"${word.replace(/["\\]/g, '\\$&')}"`)

export const idOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 40)

export function faultsOf(draft: McpDraft): McpFaults {
  const faults: McpFaults = {}
  if (idOf(draft.name) === '') faults.name = 'Give it a name with a letter in it.'
  if (draft.kind === 'http') {
    const url = URL.parse(draft.url.trim())
    if (!url || !/^https?:$/.test(url.protocol)) faults.url = 'Write it like https://example.org/mcp.'
    return faults
  }
  if (draft.command.trim() === '') faults.command = 'Name the program, for example node.'
  if (words(draft.args) === null) faults.args = 'A quotation mark is not closed.'
  const folder = lines(draft.folders).find((line) => !line.startsWith('/'))
  if (folder !== undefined) faults.folders = `“${folder}” must begin with /.`
  const place = lines(draft.network).find((line) => !/^[^\s/:]+:\d{1,5}$/.test(line))
  if (place !== undefined) faults.network = `“${place}” must be a host and a port, such as api.example.org:443.`
  const variable = lines(draft.env).find((line) => !/^[A-Za-z_]\w*=/.test(line))
  if (variable !== undefined) faults.env = `“${variable}” must be written NAME=value.`
  return faults
}

/** The configuration that the form means. Call it without faults alone. */
export function configOf(draft: McpDraft, known?: McpServerConfig): McpServerConfig {
  const common = { id: known?.id ?? idOf(draft.name), name: draft.name.trim(), enabled: true, timeout: known?.timeout ?? 60_000 }
  if (draft.kind === 'http')
    return {
      ...common,
      transport: { kind: 'http', url: draft.url.trim(), ...(draft.secret && { auth: { secret: draft.secret, as: 'bearer' as const } }) },
    }
  const kept = known?.transport.kind === 'stdio' ? known.transport.secretEnv : {}
  return {
    ...common,
    transport: {
      kind: 'stdio',
      command: draft.command.trim(),
      args: words(draft.args) ?? [],
      env: Object.fromEntries(lines(draft.env).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])),
      secretEnv: kept,
      mounts: lines(draft.folders).map((path) => ({ path, access: draft.writable ? ('write' as const) : ('read' as const) })),
      network: lines(draft.network),
    },
  }
}
