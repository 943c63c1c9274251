import type { Attachment } from '@life-os/contract'

/** What is looked up of attachments before a model is asked. */
export interface ToLookUp {
  /** `most`: characters. */
  files: { name: string; path: string; most: number }[]
  uploads: { name: string; blob: string; most: number }[]
  pictures: { path: string }[]
  runs: { run: string; name: string }[]
}

/** Characters of all documents together; the model reads on by itself. Small local models take in little. */
const CHARACTERS = 6000
/** Of each kind. */
export const LOOKED_AT = 8
const PICTURE = /\.(?:png|jpe?g|webp|gif)$/iu
const DOCUMENT = /\.(?:pdf|docx|html?|md|markdown|csv|tsv|txt|log|json|ya?ml|xml|toml|ini|rst|tex|eml|ics|vcf)$/iu
const DOCUMENT_MIME =
  /^(?:text\/|application\/(?:pdf|json|xml|yaml|x-yaml|vnd\.openxmlformats-officedocument\.wordprocessingml\.document)(?:$|;))/u

/** By name and type alone. The first of many; the others are named to the model, which can read them itself. */
export function toLookUp(attachments: readonly Attachment[]): ToLookUp {
  const documents = attachments.filter((one) => isDocument(one)).slice(0, LOOKED_AT)
  const most = Math.floor(CHARACTERS / Math.max(1, documents.length))
  return {
    files: documents.flatMap((one) => (one.kind === 'file' ? [{ name: one.name, path: one.path, most }] : [])),
    uploads: documents.flatMap((one) => (one.kind === 'blob' ? [{ name: one.name, blob: one.blob, most }] : [])),
    pictures: attachments.flatMap((one) => (one.kind === 'file' && PICTURE.test(one.name) ? [{ path: one.path }] : [])).slice(0, LOOKED_AT),
    runs: attachments.flatMap((one) => (one.kind === 'run' ? [{ run: one.run, name: one.name }] : [])).slice(0, LOOKED_AT),
  }
}

const isDocument = (one: Attachment): boolean =>
  one.kind === 'blob' ? DOCUMENT.test(one.name) || DOCUMENT_MIME.test(one.mime) : one.kind === 'file' && DOCUMENT.test(one.name)
