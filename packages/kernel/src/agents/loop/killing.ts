import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Run } from '@life-os/contract'

const worker = fileURLToPath(new URL('./fixtures/worker.ts', import.meta.url))

/** One life of the process. Null: it was killed before it could say anything. */
export async function live(
  order: object,
  run: string | undefined,
): Promise<{ said: { run?: Run; error?: string } | null; killed: boolean }> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', worker, JSON.stringify(order)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.on('error', () => undefined) // it may be dead already: that is the point
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once('exit', (_code, signal) => resolve(signal)))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => {
    const { value, done } = await lines.next()
    return done ? null : (JSON.parse(value) as { run?: Run; error?: string }) // one JSON document a line
  }
  const said = (await next()) && (child.stdin.write(`${JSON.stringify({ run })}\n`), await next())
  child.stdin.end()
  return { said, killed: (await ended) === 'SIGKILL' }
}
