/** A mono 8 kHz WAV of one sine tone. */
export function wav(seconds: number, hertz: number): Buffer {
  const rate = 8000
  const samples = Math.round(seconds * rate)
  const bytes = Buffer.alloc(44 + samples)
  bytes.write('RIFF', 0)
  bytes.writeUInt32LE(36 + samples, 4)
  bytes.write('WAVEfmt ', 8)
  bytes.writeUInt32LE(16, 16)
  bytes.writeUInt16LE(1, 20)
  bytes.writeUInt16LE(1, 22)
  bytes.writeUInt32LE(rate, 24)
  bytes.writeUInt32LE(rate, 28)
  bytes.writeUInt16LE(1, 32)
  bytes.writeUInt16LE(8, 34)
  bytes.write('data', 36)
  bytes.writeUInt32LE(samples, 40)
  for (let i = 0; i < samples; i += 1) bytes[44 + i] = 128 + Math.round(Math.sin((i * hertz * 2 * Math.PI) / rate) * 60)
  return bytes
}

/** Silent MPEG-1 layer III frames behind an ID3v2.3 title. */
export function mp3(title: string, frames = 20): Buffer {
  const text = Buffer.concat([Buffer.from([1, 0xff, 0xfe]), Buffer.from(title, 'utf16le')])
  const frame = Buffer.alloc(10)
  frame.write('TIT2', 0)
  frame.writeUInt32BE(text.length, 4)
  const tag = Buffer.concat([frame, text])
  const head = Buffer.from([0x49, 0x44, 0x33, 3, 0, 0, 0, 0, tag.length >> 7, tag.length & 0x7f])
  const silence = Buffer.alloc(417) // 128 kbit/s at 44.1 kHz
  silence.set([0xff, 0xfb, 0x90, 0x64])
  return Buffer.concat([head, tag, ...Array.from({ length: frames }, () => silence)])
}

/** An ISO media file: brand, an empty movie header and padding. `isom` is MP4, `qt  ` QuickTime, `heic` a HEIF picture, `M4A ` audio. */
export function isoMedia(brand: 'isom' | 'qt  ' | 'heic' | 'M4A ', padding: Uint8Array): Buffer {
  const type = Buffer.alloc(8)
  type.write(brand, 0, 'latin1')
  type.writeUInt32BE(0x200, 4)
  const header = Buffer.alloc(100)
  header.writeUInt32BE(1000, 12)
  header.writeUInt32BE(0x10000, 20)
  return Buffer.concat([
    box('ftyp', Buffer.concat([type, Buffer.from(brand, 'latin1')])),
    box('moov', box('mvhd', header)),
    box('mdat', Buffer.from(padding)),
  ])
}

function box(type: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(content.length + 8, 0)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, content])
}

/** The EBML header of a Matroska file and an empty segment. */
export function matroska(padding: Uint8Array): Buffer {
  const type = Buffer.from('matroska', 'latin1')
  const inner = Buffer.concat([Buffer.from([0x42, 0x82, 0x80 | type.length]), type])
  const segment = Buffer.from([0x18, 0x53, 0x80, 0x67, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])
  return Buffer.concat([Buffer.from([0x1a, 0x45, 0xdf, 0xa3, 0x80 | inner.length]), inner, segment, Buffer.from(padding)])
}

/** A 1×1 GIF89a of one colour. */
export function gif(red: number, green: number, blue: number): Buffer {
  return Buffer.concat([
    Buffer.from('GIF89a', 'latin1'),
    Buffer.from([1, 0, 1, 0, 0x80, 0, 0, red, green, blue, 255, 255, 255]),
    Buffer.from([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3b]),
  ])
}
