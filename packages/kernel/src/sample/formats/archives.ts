import { crc32, deflateRawSync, gzipSync } from 'node:zlib'

type Entry = readonly [name: string, content: string | Uint8Array]

/** A ZIP archive (APPNOTE 6.3), deflated, with a fixed date so that equal inputs give equal bytes. */
export function zip(entries: readonly Entry[]): Buffer {
  const parts: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const [name, content] of entries) {
    const raw = Buffer.from(content)
    const stored = name === 'mimetype' // EPUB wants it readable in place
    const packed = stored ? raw : deflateRawSync(raw)
    const path = Buffer.from(name)
    const shared = Buffer.alloc(26)
    shared.set([20, 0, 0, 8, stored ? 0 : 8, 0, 0, 0, 0x21, 0x58]) // version 2.0, UTF-8 names, deflate or store, 2024-01-01
    shared.writeUInt32LE(crc32(raw), 10)
    shared.writeUInt32LE(packed.length, 14)
    shared.writeUInt32LE(raw.length, 18)
    shared.writeUInt16LE(path.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), shared, path, packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    central.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\0', 'latin1'), shared, tail, path]))
    parts.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, directory, end])
}

/** A gzipped POSIX ustar archive. */
export function tarGz(entries: readonly Entry[]): Buffer {
  const blocks = entries.flatMap(([name, content]) => {
    const bytes = Buffer.from(content)
    return [tarHeader(name, bytes.length), bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]
  })
  const packed = gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]))
  packed[9] = 3 // the system byte, fixed so that every machine makes the same bytes
  return packed
}

function tarHeader(name: string, size: number): Buffer {
  const header = Buffer.alloc(512)
  header.write(name, 0, 100)
  header.write('0000644\0', 100)
  header.write('0000000\0', 108)
  header.write('0000000\0', 116)
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124)
  header.write('14544240000\0', 136)
  header.write('        0', 148)
  header.write('ustar\x0000', 257, 'latin1')
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return header
}

/** A Debian package: an ar archive of a version, control data and files (deb(5)). */
export function deb(name: string): Buffer {
  const member = (file: string, content: Buffer): Buffer => {
    const head = `${file.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}${String(content.length).padEnd(10)}\`\n`
    return Buffer.concat([Buffer.from(head, 'latin1'), content, Buffer.alloc(content.length % 2, '\n')])
  }
  const control = `Package: ${name}\nVersion: 1.0\nArchitecture: all\nMaintainer: Sample <sample@example.org>\nDescription: a sample package\n`
  return Buffer.concat([
    Buffer.from('!<arch>\n', 'latin1'),
    member('debian-binary', Buffer.from('2.0\n')),
    member('control.tar.gz', tarGz([['./control', control]])),
    member('data.tar.gz', tarGz([])),
  ])
}
