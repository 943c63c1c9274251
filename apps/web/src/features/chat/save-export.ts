import { client } from '../../lib/api.ts'

/** Downloads a conversation as one document. */
export async function saveExport(id: string, format: 'markdown' | 'json'): Promise<void> {
  const { name, mime, text } = await client.threads.export({ id, format })
  const address = URL.createObjectURL(new Blob([text], { type: mime }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}
