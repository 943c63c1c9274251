import type { Command, CommandResult } from '@life-os/plugin-sdk'
import { LifeOsError } from '@life-os/plugin-sdk'
import { z } from 'zod'

/** Shells that read a script. */
const SHELLS = new Set(['sh', 'bash'])
/**
 * The shell reads the whole script before the first line runs, and nothing that the script starts can eat the rest of it:
 * in POSIX the words of a command are expanded before its redirections are made.
 */
const WHOLE_SCRIPT = 'eval "$(cat)" </dev/null'

const Path = z.string().regex(/^\//, 'an absolute path')

export const commandFields = {
  program: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('The program, for example `ls`, or an absolute path below /usr. With a script: `sh` (the default) or `bash`'),
  args: z.array(z.string()).max(1000).default([]).describe('Its arguments, each by itself; of a script `$1`, `$2`, …'),
  script: z.string().max(1_000_000).optional().describe('A shell script, instead of a single program'),
  stdin: z.string().max(1_000_000).optional().describe('What the program reads from its standard input; not with a script'),
  env: z.record(z.string(), z.string()).default({}).describe('Environment variables beyond PATH, HOME and LANG'),
  read: z.array(Path).max(32).default([]).describe('Folders that it may look into, seen under their own paths'),
  time: z.int().min(1).max(3600).default(60).describe('Seconds after which it is ended'),
  memory: z.int().min(16).max(16_384).default(512).describe('MiB of memory'),
  mustSucceed: z.boolean().default(true).describe('Whether another exit code than 0 is an error'),
}
export type CommandInput = z.infer<z.ZodObject<typeof commandFields>>

/** What the host decides on before this plugin hears of the call: the program as it will be run. */
export const PROGRAM_NEED = "${{ has(input.program) ? input.program : 'sh' }}"

export const Outcome = z.object({
  code: z.int().nullable().describe('Exit code; null when a signal ended it'),
  signal: z.string().nullable(),
  stdout: z.string(),
  stderr: z.string(),
  cut: z.enum(['time', 'memory', 'output']).nullable().describe('Why it was ended before its time, or null'),
  duration: z.int().describe('Milliseconds'),
})

/** Error: `command-invalid`. */
export function commandOf(input: CommandInput): Command {
  const { program = 'sh', args, script, stdin, env } = input
  const shared = { env, mounts: input.read.map((path) => ({ path, access: 'read' as const })), limits: limitsOf(input) }
  if (script === undefined) {
    if (input.program === undefined) throw invalid('Name a program, or give a script.')
    return { ...shared, program, args, ...(stdin !== undefined && { stdin }) }
  }
  if (!SHELLS.has(program))
    throw invalid(`A script is read by sh or bash, not by ${program}. To run ${program}, give its arguments instead.`)
  if (stdin !== undefined) throw invalid('A script has no standard input of its own; put the text into the script or into a file.')
  return { ...shared, program, args: ['-c', WHOLE_SCRIPT, program, ...args], script }
}

const invalid = (message: string) => new LifeOsError('command-invalid', message, { applied: 'no' })

const limitsOf = ({ time, memory }: CommandInput): NonNullable<Command['limits']> => ({ time: time * 1000, memory })

/** Error: `command-failed`, with the last lines that it said. */
export function succeeded<Result extends CommandResult>(input: CommandInput, result: Result, applied: 'no' | 'yes'): Result {
  if (!input.mustSucceed || (result.code === 0 && result.cut === null)) return result
  const said = (result.stderr.trim() || result.stdout.trim()).split('\n').slice(-5).join('\n').slice(-1000)
  throw new LifeOsError('command-failed', `${whyOf(input, result)}${said === '' ? '.' : `: ${said}`}`, {
    applied,
    details: { code: result.code, cut: result.cut, stdout: result.stdout.slice(-4000), stderr: result.stderr.slice(-4000) },
  })
}

function whyOf(input: CommandInput, { code, signal, cut }: CommandResult): string {
  const what = input.script === undefined ? (input.program ?? 'The command') : 'The script'
  if (cut === 'time') return `${what} took longer than ${input.time} seconds and was ended`
  if (cut === 'memory') return `${what} needed more than ${input.memory} MiB of memory and was ended`
  if (cut === 'output') return `${what} said more than is kept and was ended`
  return `${what} ended with ${code === null ? `the signal ${signal}` : `exit code ${code}`}`
}
