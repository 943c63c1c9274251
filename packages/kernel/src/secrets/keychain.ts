import { spawn } from 'node:child_process'
import { LifeOsError } from '@life-os/contract'
import type { KeyPlace } from './key-ring.ts'

/** What secret-tool(1) of libsecret answers for "no" of any kind. */
const NO = 1

/**
 * The keychain of a Linux desktop (Secret Service: GNOME Keyring, KWallet, KeePassXC), for who sets `LIFEOS_KEYCHAIN=1`. The ring
 * travels over standard input, never among arguments that others can list. Error: `keychain-unavailable`.
 */
export function createKeychain(home: string): KeyPlace {
  const item = ['service', 'life-os', 'home', home]
  const read = async (): Promise<string | undefined> => {
    const found = await ask(['lookup', ...item])
    if (found.code === 0 && found.out.trim() !== '') return found.out
    if (found.code !== NO || found.said !== '') throw unavailable(found.said || `secret-tool ended with ${found.code}`)
    const there = await ask(['search', '--all', ...item]) // lists what is locked too, for which lookup says no as well
    if (there.code === 0 && there.out === '' && there.said === '') return undefined
    throw unavailable(there.said || 'the key is there and cannot be read')
  }
  const replace = async (text: string): Promise<void> => {
    const stored = await ask(['store', '--label', `Life-OS key for ${home}`, ...item], text.trim())
    if (stored.code !== 0) throw unavailable(stored.said || `secret-tool ended with ${stored.code}`)
    if ((await read())?.trim() !== text.trim()) throw unavailable('it did not keep the key whole') // it cuts long ones off and says yes
  }
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

interface Answer {
  code: number | null
  out: string
  /** The last line of standard error. */
  said: string
}

function ask(args: readonly string[], input = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = spawn('secret-tool', args, { stdio: ['pipe', 'pipe', 'pipe'] })
    let out = ''
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    child.on('error', (error) => reject(unavailable(error.message)))
    child.on('close', (code) => resolve({ code, out, said: said.trim().split('\n').at(-1) ?? '' }))
    child.stdin.on('error', () => {}) // it ended without reading: its code tells
    child.stdin.end(input)
  })
}

const unavailable = (reason: string): LifeOsError =>
  new LifeOsError(
    'keychain-unavailable',
    `The keychain cannot be used: ${reason}. Unlock it, or start without LIFEOS_KEYCHAIN to keep the key in a file of the data folder.`,
    { class: 'operational', applied: 'no' },
  )
