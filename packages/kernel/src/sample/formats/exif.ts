/** A TIFF block with maker, model and the moment a photo was taken (EXIF 2.32, little endian), as JPEG's APP1 and PNG's eXIf carry it. */
export function exifBlock(photo: { takenAt: Date; make: string; model: string }): Buffer {
  const make = ascii(photo.make)
  const model = ascii(photo.model)
  const taken = ascii(exifDate(photo.takenAt))
  const firstData = 8 + 2 + 3 * 12 + 4
  const exifDirectory = firstData + make.length + model.length
  const exifData = exifDirectory + 2 + 12 + 4
  const first = directory([
    { tag: 0x010f, type: ASCII, count: make.length, value: firstData },
    { tag: 0x0110, type: ASCII, count: model.length, value: firstData + make.length },
    { tag: 0x8769, type: LONG, count: 1, value: exifDirectory },
  ])
  const second = directory([{ tag: 0x9003, type: ASCII, count: taken.length, value: exifData }])
  const header = Buffer.from([0x49, 0x49, 0x2a, 0, 8, 0, 0, 0])
  return Buffer.concat([header, first, make, model, second, taken])
}

const ASCII = 2
const LONG = 4

function directory(entries: readonly { tag: number; type: number; count: number; value: number }[]): Buffer {
  const bytes = Buffer.alloc(2 + entries.length * 12 + 4)
  bytes.writeUInt16LE(entries.length, 0)
  entries.forEach((entry, index) => {
    const at = 2 + index * 12
    bytes.writeUInt16LE(entry.tag, at)
    bytes.writeUInt16LE(entry.type, at + 2)
    bytes.writeUInt32LE(entry.count, at + 4)
    bytes.writeUInt32LE(entry.value, at + 8)
  })
  return bytes
}

/** Zero-terminated, padded to an even length; long enough (over 4 bytes) never to be stored inside the entry. */
function ascii(text: string): Buffer {
  const bytes = Buffer.from(`${text.padEnd(4, ' ')}\0`, 'latin1')
  return bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)])
}

/** `2024:07:13 14:32:05`, reading the date as UTC because EXIF has no zone. */
function exifDate(date: Date): string {
  return date.toISOString().slice(0, 19).replaceAll('-', ':').replace('T', ' ')
}
