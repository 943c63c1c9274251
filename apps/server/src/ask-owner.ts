import { request } from 'node:http'
import { socketPath } from '@life-os/kernel/store'
import { notedAddress } from './address.ts'

/** The server that runs on this folder: where it is, and a new link that signs the owner in once. */
export interface RunningServer {
  address: string
  link: string
}

/** Asks over the owner's socket; undefined when nobody serves there, or it is a command that only runs a plan. */
export async function askOwner(home: string): Promise<RunningServer | undefined> {
  const path = socketPath(home)
  const me = await ask(path, 'GET', '/api/v1/me')
  const person = isRecord(me) && isRecord(me['person']) ? me['person']['id'] : undefined
  const address = notedAddress(home)
  if (typeof person !== 'string' || !address) return undefined
  const answer = await ask(path, 'POST', `/api/v1/people/${person}/link`)
  const link = isRecord(answer) ? answer['link'] : undefined
  return typeof link === 'string' ? { address, link: `${address}/sign-in?link=${link}` } : undefined
}

function ask(path: string, method: string, url: string): Promise<unknown> {
  return new Promise((resolve) => {
    const sent = request({ socketPath: path, method, path: url, headers: { host: 'life-os' }, timeout: 3000 }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () => resolve(parsed(Buffer.concat(chunks).toString())))
    })
    sent.on('timeout', () => sent.destroy())
    sent.on('error', () => resolve(undefined))
    sent.end()
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
