import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { ROOT } from './places.ts'

const PROGRAM = join(ROOT, 'dist', 'server', 'main.js') // what npm start runs
const PATIENCE = 30_000 // ms

export interface ServerProcess extends AsyncDisposable {
  address: string
  pid: number
  /** Milliseconds from the start of the process until it said that it is ready and answered its first request. */
  ready: number
}

/** The server as people start it, in a process of its own, on a port of its own. */
export async function startServerProcess(home: string): Promise<ServerProcess> {
  const start = performance.now()
  const child = spawn(process.execPath, [PROGRAM, '--no-open', '--port', '0'], {
    env: { ...process.env, LIFEOS_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await ended
  }
  const late = setTimeout(() => child.kill('SIGKILL'), PATIENCE)
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const address = /^Life-OS is ready: (\S+)/.exec(line)?.[1]
      if (address === undefined) continue
      const { status } = await fetch(`${address}/health/ready`)
      if (status !== 200) throw new Error(`the server answered ${status} when it said it was ready`)
      child.stdout.resume()
      return { address, pid: child.pid ?? 0, ready: performance.now() - start, [Symbol.asyncDispose]: stop }
    }
    throw new Error('the server ended before it was ready')
  } catch (error) {
    await stop()
    throw error
  } finally {
    clearTimeout(late)
  }
}
