import { deflateRawSync } from 'node:zlib'
import { zip } from './archives.ts'

/** A DOS header with a PE signature: enough for every sniffer to call it a Windows program; it does not run. */
export function windowsProgram(padding: Uint8Array): Buffer {
  const head = Buffer.alloc(0x100)
  head.write('MZ', 0, 'latin1')
  head.writeUInt32LE(0x80, 0x3c)
  head.write('PE\0\0', 0x80, 'latin1')
  head.writeUInt16LE(0x8664, 0x84)
  return Buffer.concat([head, Buffer.from(padding)])
}

/** An Android package: a ZIP with a manifest and code entry. */
export function androidPackage(): Buffer {
  return zip([
    ['AndroidManifest.xml', Buffer.from([3, 0, 8, 0])],
    ['classes.dex', 'dex\n035\0'],
  ])
}

/** The header page of an empty SQLite database (file format 4). */
export function sqliteDatabase(): Buffer {
  const page = Buffer.alloc(4096)
  page.write('SQLite format 3\0', 0, 'latin1')
  page.writeUInt16BE(4096, 16)
  page.set([1, 1, 0, 64, 32, 32], 18)
  page.writeUInt32BE(1, 24)
  page.writeUInt32BE(1, 28)
  page.writeUInt32BE(4, 44)
  page.writeUInt32BE(1, 56)
  page.writeUInt32BE(1, 92)
  page.set([13, 0, 0, 0, 0, 0x10, 0x00, 0], 100)
  return page
}

/** A TrueType table directory with one empty `head` table. */
export function trueType(): Buffer {
  const bytes = Buffer.alloc(12 + 16 + 54)
  bytes.writeUInt32BE(0x0001_0000, 0)
  bytes.writeUInt16BE(1, 4)
  bytes.writeUInt16BE(16, 6)
  bytes.write('head', 12, 'latin1')
  bytes.writeUInt32BE(28, 20)
  bytes.writeUInt32BE(54, 24)
  return bytes
}

/** A compound file (MS-CFB) header as MSI installers begin. */
export function windowsInstaller(): Buffer {
  const bytes = Buffer.alloc(1536)
  bytes.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])
  bytes.set([0x3e, 0, 3, 0, 0xfe, 0xff, 9, 0, 6, 0], 24)
  return bytes
}

/** Bytes that no sniffer knows. */
export function nameless(padding: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([0, 1, 2, 3]), deflateRawSync(padding)])
}
