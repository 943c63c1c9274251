import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** Bytes in a file without a name, to hand to a child on a descriptor. */
export interface Sealed extends Disposable {
  /** A new descriptor at the start of the bytes; the caller closes it. */
  open(): number
}

/** Linux only: opens the nameless file again through `/proc`. */
export function seal(bytes: Uint8Array | string): Sealed {
  const folder = mkdtempSync(path.join(tmpdir(), 'life-os-sealed-'))
  try {
    const file = path.join(folder, 'bytes')
    writeFileSync(file, bytes, { mode: 0o400 })
    const held = openSync(file, 'r')
    return {
      open: () => openSync(`/proc/self/fd/${held}`, 'r'),
      [Symbol.dispose]: () => closeSync(held),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
