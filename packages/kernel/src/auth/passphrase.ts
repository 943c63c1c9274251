import * as crypto from 'node:crypto'
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { LifeOsError } from '@life-os/contract'

/** OWASP's second recommendation for Argon2id: 19 MiB, two passes, one lane. https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html */
const COST = { memory: 19_456, passes: 2, parallelism: 1 }
const TAG_LENGTH = 32

interface Cost {
  memory: number
  passes: number
  parallelism: number
}

function derive(passphrase: string, nonce: Buffer, cost: Cost, tagLength: number): Promise<Buffer> {
  if (typeof crypto.argon2 !== 'function') {
    throw new LifeOsError(
      'node-too-old',
      `Passphrases need Node 24.7 or newer; this is ${process.version}. One-time links work with this one.`,
      { class: 'operational' },
    )
  }
  return new Promise((resolve, reject) => {
    crypto.argon2('argon2id', { message: passphrase.normalize('NFKC'), nonce, tagLength, ...cost }, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })
}

/** A PHC string: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
export async function hashPassphrase(passphrase: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(passphrase, salt, COST, TAG_LENGTH)
  const text = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${text(salt)}$${text(key)}`
}

/** True when the passphrase is the one behind the PHC string. */
export async function verifyPassphrase(passphrase: string, stored: string): Promise<boolean> {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(stored)
  if (!match) return false
  const [, memory, passes, parallelism, salt = '', key = ''] = match
  const expected = Buffer.from(key, 'base64')
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) }
  const found = await derive(passphrase, Buffer.from(salt, 'base64'), cost, expected.length)
  return timingSafeEqual(found, expected)
}
