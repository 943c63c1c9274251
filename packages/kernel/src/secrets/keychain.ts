import { spawn } from 'node:child_process'
import { LifeOsError } from '@life-os/contract'
import type { KeyPlace } from './key-ring.ts'

interface Command {
  readonly program: string
  readonly args: readonly string[]
  readonly input?: string
}
/** How a system's keychain is asked; the ring travels over standard input, never among arguments that others can list. */
interface Dialect {
  find(home: string): Command
  store(home: string, text: string): Command
  /** The exit code for "there is none". */
  readonly none: number
}

/** secret-tool(1) of libsecret. */
const libsecret: Dialect = {
  find: (home) => ({ program: 'secret-tool', args: ['lookup', 'service', 'life-os', 'home', home] }),
  store: (home, text) => ({
    program: 'secret-tool',
    args: ['store', '--label', `Life-OS key for ${home}`, 'service', 'life-os', 'home', home],
    input: text,
  }),
  none: 1,
}
/** security(1) of macOS; `-i` reads commands from standard input. */
const macos: Dialect = {
  find: (home) => ({ program: 'security', args: ['find-generic-password', '-s', 'life-os', '-a', home, '-w'] }),
  store: (home, text) => ({
    program: 'security',
    args: ['-i'],
    input: `add-generic-password -U -s life-os -a ${quoted(home)} -w ${quoted(text)}\n`,
  }),
  none: 44, // errSecItemNotFound
}
const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`

/** The system's keychain, for who sets `LIFEOS_KEYCHAIN=1`. Error: `keychain-unavailable`. */
export function createKeychain(home: string, platform: NodeJS.Platform = process.platform): KeyPlace {
  const dialect = platform === 'darwin' ? macos : libsecret
  const read = async (): Promise<string | undefined> => {
    const { code, out } = await run(dialect.find(home), [0, dialect.none])
    return code === 0 && out.trim() !== '' ? out : undefined
  }
  const replace = async (text: string): Promise<void> => void (await run(dialect.store(home, text.trim()), [0]))
  return {
    title: 'the keychain of this system',
    read,
    replace,
    async create(text) {
      if ((await read()) !== undefined) return false // the folder has one owner at a time, so nobody writes in between
      await replace(text)
      return true
    },
  }
}

function run({ program, args, input = '' }: Command, accepted: readonly number[]): Promise<{ code: number; out: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    let out = ''
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    child.on('error', (error) => reject(unavailable(program, error.message)))
    child.on('close', (code) => {
      if (code !== null && accepted.includes(code)) resolve({ code, out })
      else reject(unavailable(program, said.trim().split('\n').at(-1) ?? `it ended with ${code}`))
    })
    child.stdin.on('error', () => {}) // it ended without reading: its code tells
    child.stdin.end(input)
  })
}

const unavailable = (program: string, reason: string): LifeOsError =>
  new LifeOsError(
    'keychain-unavailable',
    `The keychain cannot be used: ${program}: ${reason}. Unlock it, or start without LIFEOS_KEYCHAIN to keep the key in a file of the data folder.`,
    { class: 'operational', applied: 'no' },
  )
