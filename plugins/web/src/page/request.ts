import { LifeOsError } from '@life-os/plugin-sdk'
import type { FetchAnswer, HostV1 } from '@life-os/plugin-sdk'
import type { Limits } from '../schemas.ts'

export interface Page {
  url: string
  status: number
  mime: string
  contentType: string | null
  headers: Record<string, string>
  bytes: Uint8Array
}

export interface PageRequest extends Limits {
  url: string
  accept: string
  method?: 'GET' | 'HEAD'
  headers?: Record<string, string>
  maxRedirects?: number
  /** Answers of 400 and above are given back instead of thrown. */
  allowErrors?: boolean
}

/** One GET or HEAD. An answer of 400 and above is `page-refused`, worth another try (`operational`) when the server says so. */
export async function request(host: HostV1, wanted: PageRequest): Promise<Page> {
  const answer = await host.net.fetch(wanted.url, {
    method: wanted.method ?? 'GET',
    headers: { accept: wanted.accept, ...wanted.headers },
    maxBytes: wanted.maxBytes,
    timeout: wanted.timeout,
    ...(wanted.maxRedirects !== undefined && { maxRedirects: wanted.maxRedirects }),
  })
  if (answer.status >= 400 && !wanted.allowErrors) throw refused(wanted.url, answer)
  const contentType = headerOf(answer, 'content-type')
  return {
    url: answer.url,
    status: answer.status,
    mime: (contentType ?? 'application/octet-stream').split(';')[0]?.trim().toLowerCase() || 'application/octet-stream',
    contentType,
    headers: answer.headers,
    bytes: answer.body,
  }
}

function headerOf(answer: FetchAnswer, name: string): string | null {
  return Object.entries(answer.headers).find(([key]) => key.toLowerCase() === name)?.[1] ?? null
}

function refused(url: string, answer: FetchAnswer): LifeOsError {
  const again = answer.status === 408 || answer.status === 425 || answer.status === 429 || answer.status >= 500
  const advice = again
    ? 'Try again later.'
    : answer.status === 404 || answer.status === 410
      ? 'Check the address.'
      : 'It may need a sign-in that this tool does not have.'
  return new LifeOsError('page-refused', `${url} answered with status ${answer.status}. ${advice}`, {
    class: again ? 'operational' : 'user',
    applied: 'no',
    details: { status: answer.status, url: answer.url },
  })
}
