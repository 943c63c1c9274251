import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const fileIn = (home: string): string => join(home, 'server.address')
/** For whoever wants to end the server: `kill $(cat ~/.life-os/server.pid)`. */
const pidFileIn = (home: string): string => join(home, 'server.pid')

/** Notes where the running server is reached, for other commands on this folder. */
export function noteAddress(home: string, address: string): void {
  writeFileSync(fileIn(home), `${address}\n`, { mode: 0o600 })
  writeFileSync(pidFileIn(home), `${process.pid}\n`, { mode: 0o600 })
}
export function forgetAddress(home: string): void {
  for (const file of [fileIn(home), pidFileIn(home)]) rmSync(file, { force: true })
}

/** Where the server said it is; it may have ended without a word since. */
export function notedAddress(home: string): string | undefined {
  try {
    return readFileSync(fileIn(home), 'utf8').trim() || undefined
  } catch {
    return undefined
  }
}
