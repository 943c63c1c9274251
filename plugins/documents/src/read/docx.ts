import { LifeOsError } from '@life-os/plugin-sdk'
import mammoth from 'mammoth/mammoth.browser.js'
import { readHtml } from './html.ts'
import type { ReadDocument } from './types.ts'

/** A Word document by way of its headings and paragraphs; pictures are left out. @throws `document-broken`. */
export async function readDocx(bytes: Uint8Array): Promise<ReadDocument> {
  const noPictures = mammoth.images.imgElement(async () => ({ src: '' }))
  const arrayBuffer = bytes.slice().buffer // mammoth takes a buffer of its own
  try {
    const { value } = await mammoth.convertToHtml({ arrayBuffer }, { convertImage: noPictures, externalFileAccess: false })
    return readHtml(value, 'docx')
  } catch (error) {
    if (error instanceof LifeOsError) throw error
    throw new LifeOsError(
      'document-broken',
      'This is no Word document (.docx) that can be read. It may be cut off, damaged or an older .doc.',
      {
        class: 'user',
        cause: error,
      },
    )
  }
}
