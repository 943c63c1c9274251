import { connect as connectSocket } from 'node:net'
import { LifeOsError } from '@life-os/contract'
import { createBackend } from './backend.ts'
import type { Backend } from './backend.ts'
import { socketFetch } from './socket-fetch.ts'

export interface ConnectOptions {
  home: string
  /** PostgreSQL instead of the folder's own database. */
  url?: string
  /** How often to look for an owner that is still starting. */
  tries?: number
}

const PAUSE = 250 // ms

/** Talks to whoever owns the folder; when nobody does, owns it. Errors: `home-taken` and what opening the store says. */
export async function connect(options: ConnectOptions): Promise<Backend> {
  const running = await connectToOwner(options.home)
  if (running) return running
  try {
    return await own(options)
  } catch (error) {
    if (!(error instanceof LifeOsError) || error.code !== 'home-owned') throw error
    for (let left = options.tries ?? 20; left > 0; left -= 1) {
      // an owner that has just started opens its socket in a moment
      await new Promise((resolve) => setTimeout(resolve, PAUSE))
      const started = await connectToOwner(options.home)
      if (started) return started
    }
    throw error
  }
}

/** The running owner, or undefined when nobody listens. */
export async function connectToOwner(home: string): Promise<Backend | undefined> {
  const { socketPath } = await import('@life-os/kernel/store')
  const path = socketPath(home)
  return (await answers(path)) ? createBackend(socketFetch(path), home, false, async () => {}) : undefined
}

async function own({ home, url }: ConnectOptions): Promise<Backend> {
  const { BUILD, ownInProcess } = await import('@life-os/server')
  const owned = await ownInProcess({ home, pluginsDir: BUILD, ...(url !== undefined && { url }) })
  const fetch = async (request: Request) => owned.app.fetch(request, { peer: { way: 'socket', address: 'process' } })
  return createBackend(fetch, home, true, async () => {
    await owned[Symbol.asyncDispose]()
  })
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectSocket(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
