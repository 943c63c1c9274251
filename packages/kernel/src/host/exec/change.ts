import type { Change } from '@life-os/contract'
import type { ChangeOf } from '../fs/changes.ts'
import { hashBytes } from '../fs/content.ts'
import type { RunCommand } from './arguments.ts'
import type { Mount } from './admit.ts'

/** A summary is one line of at most this. */
const LINE = 120

export interface CommandParts {
  command: RunCommand
  mounts: readonly Mount[]
  cwd: string
  network: readonly string[]
  secrets: readonly string[]
  sandboxed: boolean
  reversal: Change['reversal']
}

/** What a person approves: all that tells this command from another, and all that it may touch. */
export function commandChange(parts: CommandParts): ChangeOf<'command-run'> {
  const { command, mounts } = parts
  const { program, args = [], script, stdin } = command
  return {
    kind: 'command-run',
    program,
    args,
    ...(script !== undefined && { script }),
    cwd: parts.cwd,
    mounts: mounts.map(({ real, access }) => ({ path: real, access })),
    network: [...parts.network],
    secrets: [...parts.secrets],
    ...(stdin !== undefined && { stdin: hashBytes(stdin) }),
    ...(command.env && Object.keys(command.env).length > 0 && { env: command.env }),
    sandboxed: parts.sandboxed,
    summary: `${parts.sandboxed ? 'Run' : 'Run without a sandbox'} ${lineOf(program, args, script)}`,
    reversal: parts.reversal,
  }
}

/** As it would be typed, on one line. */
export function lineOf(program: string, args: readonly string[], script?: string): string {
  const first = script?.split('\n').find((line) => line.trim() !== '' && !line.startsWith('#!'))
  const line = first === undefined ? [program, ...args.map(quoted)].join(' ') : `${program}: ${first.trim()}`
  const flat = line.replace(/\s+/g, ' ')
  return flat.length > LINE ? `${flat.slice(0, LINE - 1)}…` : flat
}

const quoted = (text: string): string => (/^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)
