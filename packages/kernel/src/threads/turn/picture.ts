import { basename } from 'node:path'
import { z } from 'zod'
import { LifeOsError } from '@life-os/contract'
import { describeReading } from '../../runs/index.ts'
import type { InnerTool } from '../../runs/index.ts'

/** Kernel tool that takes in a picture by its place. */
export const PICTURE_TOOL = 'life-os.picture'

const LARGEST = 20 * 1024 * 1024 // bytes; more than any provider takes
const PIECE = 8 * 1024 * 1024 // bytes that the service gives at once
const Input = z.object({ path: z.string() })
const Output = z.object({ path: z.string(), blob: z.string(), mime: z.string() })

/** A picture on this machine as a blob that a model can be shown. It is read as any tool reads, and brings the place's labels. */
export function createPictureTool(): InnerTool {
  return {
    description: describeReading({
      id: PICTURE_TOOL,
      title: 'Look at a picture',
      description: 'Takes in a PNG, JPEG, WebP or GIF to show it to a model.',
      input: Input,
      output: Output,
    }),
    needs: async (input) => [{ kind: 'fs.read', resource: Input.parse(input).path }],
    labels: async () => [],
    async run({ input, services, signal }) {
      const { path } = Input.parse(input)
      const bytes = await wholeFile(
        path,
        (offset) => services.handle('fs.read', [path, { offset, length: PIECE }], signal) as Promise<Uint8Array>, // what the service answers
      )
      const mime = pictureKind(bytes)
      if (!mime) throw new LifeOsError('picture-unknown', `${basename(path)} is no PNG, JPEG, WebP or GIF.`)
      const { blob } = (await services.handle('blobs.put', [bytes], signal)) as { blob: string } // what the service answers
      return { path, blob, mime }
    },
  }
}

async function wholeFile(path: string, read: (offset: number) => Promise<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let size = 0
  for (let last = PIECE; last === PIECE; size += last) {
    const piece = await read(size)
    pieces.push(piece)
    last = piece.byteLength
    if (size + last > LARGEST)
      throw new LifeOsError('picture-too-large', `${basename(path)} is larger than 20 MiB. Make it smaller and attach it again.`)
  }
  return Buffer.concat(pieces)
}

/** By the first bytes, as the formats' own papers give them. */
function pictureKind(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1')
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (head.startsWith('GIF87a') || head.startsWith('GIF89a')) return 'image/gif'
  return head.startsWith('RIFF') && head.slice(8) === 'WEBP' ? 'image/webp' : null
}
