import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Run } from '@life-os/contract'

const serving = fileURLToPath(new URL('../fixtures/serving.ts', import.meta.url))
const lifeos = fileURLToPath(new URL('../../../../tools/bin/lifeos.mjs', import.meta.url))

/** A server in a process of its own, as a signed-in person's browser speaks to it. */
export interface Server {
  said(): string
  /** Every answer of the API and every event so far. */
  answers: string[]
  ask<T>(method: string, path: string, body?: unknown): Promise<T>
  /** How many pieces of news came, and the next one after so many. */
  news: { count: number; after(count: number): Promise<void> }
  kill(signal: NodeJS.Signals): Promise<void>
}

export async function startServing(home: string, plugins: string, url: string | undefined): Promise<Server> {
  const child = spawn(process.execPath, [serving, home, plugins, url ?? ''], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const exited = once(child, 'exit')
  const first = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), exited.then(() => [''])])
  if (!first[0]) throw new Error(`the server did not start: ${said}`)
  const { address, link } = JSON.parse(String(first[0])) as { address: string; link: string } // the fixture's first line
  const answers: string[] = []
  const signIn = await fetch(`${address}/api/v1/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: address },
    body: JSON.stringify({ link: new URL(link).searchParams.get('link') }),
  })
  const { csrf } = (await signIn.json()) as { csrf: string } // the contract's answer
  const headers = { cookie: (signIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '', 'x-csrf-token': csrf, origin: address }
  const events = await fetch(`${address}/api/v1/events?after=0`, { headers })
  const news = {
    count: 0,
    next: Promise.withResolvers<void>(),
    after: async (count: number) => void (news.count > count || (await news.next.promise)),
  }
  const reading = (async () => {
    for await (const chunk of events.body!.pipeThrough(new TextDecoderStream())) {
      answers.push(chunk)
      news.count += 1
      news.next.resolve()
      news.next = Promise.withResolvers()
    }
  })().catch(() => undefined) // ends with the server
  return {
    answers,
    news,
    said: () => said,
    async ask<T>(method: string, path: string, body?: unknown) {
      const response = await fetch(`${address}/api/v1${path}`, {
        method,
        headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      if (response.status === 429) throw new Error('the test asks too often')
      answers.push(text, JSON.stringify([...response.headers].filter(([name]) => name !== 'set-cookie')))
      return JSON.parse(text) as T // the caller knows the route
    },
    async kill(signal) {
      child.kill(signal)
      await exited
      await reading
    },
  }
}

const GOING = new Set(['previewing', 'queued', 'running'])
/** The run once it has ended or waits for somebody. */
export async function settled(server: Server, id: string): Promise<Run> {
  for (;;) {
    const { count } = server.news
    const run = await server.ask<Run>('GET', `/runs/${id}`)
    if (!GOING.has(run.state)) return run
    await server.news.after(count)
  }
}

/** What `lifeos` prints on both streams. */
export async function commandLine(home: string, url: string | undefined, ...args: string[]): Promise<string> {
  const child = spawn(process.execPath, [lifeos, ...args], {
    env: { ...process.env, LIFEOS_HOME: home, NO_COLOR: '1', ...(url !== undefined && { LIFEOS_DATABASE_URL: url }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await once(child, 'close')
  return said
}
