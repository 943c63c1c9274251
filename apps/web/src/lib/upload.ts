import type { Problem } from '@life-os/contract'
import { RequestError } from './api.ts'
import { csrfToken } from './session.ts'

/** Where the bytes of a blob are. */
export const blobAddress = (hash: string): string => `/api/v1/blobs/${hash}`

/** Sends a file to be kept for a day, until something refers to it. Answers its SHA-256. */
export async function uploadBlob(file: Blob): Promise<string> {
  const response = await fetch('/api/v1/blobs', {
    method: 'POST',
    body: file,
    credentials: 'same-origin',
    headers: { 'content-type': 'application/octet-stream', 'x-csrf-token': csrfToken() },
  }).catch((failure: unknown) => {
    throw new RequestError(
      { code: 'server-unreachable', status: 0, detail: 'Nothing answers at this address. Start Life-OS with `npm start`.' },
      failure,
    )
  })
  const answer = (await response.json()) as { hash: string } | Problem // the server's answer to an upload
  if ('hash' in answer) return answer.hash
  throw new RequestError(answer)
}
