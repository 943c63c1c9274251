import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { LifeOsError } from '@life-os/contract'
import type { Browser, CDPSession } from 'playwright-core'
import type { Sandbox } from '../sandbox/types.ts'
import { FLAGS, PROXY_PORT, SCRATCH } from './flags.ts'
import { pipeTransport } from './transport.ts'
import type { Exit } from './types.ts'

/** MiB of a whole browser with its pages; processes and threads; MiB that a file, and its scratch folder, may grow to. */
const MEMORY = 2048
const PIDS = 512
const FILE_SIZE = 512
const START = 30_000
/** Of what it said last, shown when it does not start. */
const LAST_WORDS = 2000

export interface Chromium extends AsyncDisposable {
  readonly browser: Browser
  /** Speaks to the browser as a whole: sees every request of every page, frame and worker. */
  readonly cdp: CDPSession
  /** Where files land that pages hand over, the same path inside and outside. */
  readonly downloads: string
  readonly pid: number | undefined
  /** Aborted when it is gone. */
  readonly gone: AbortSignal
}

/** Starts a Chromium in a box. Errors: `sandbox-missing`, `browser-failed`. */
export async function startChromium(sandbox: Sandbox, program: string, exit: Exit): Promise<Chromium> {
  const downloads = downloadFolder(sandbox.identity)
  const gone = new AbortController()
  const box = sandbox.serve({
    program: '/bin/sh',
    args: ['-c', 'exec "$@" 3<&0 4>&1 1>&2', 'life-os', program, ...FLAGS],
    cwd: SCRATCH,
    mounts: [{ from: downloads, to: downloads, access: 'write' }, ...mountsOf(program)],
    env: { TMPDIR: SCRATCH },
    proxy: { socket: exit.socket, port: PROXY_PORT },
    limits: { memory: MEMORY, pids: PIDS, fileSize: FILE_SIZE },
  })
  let said = ''
  box.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-LAST_WORDS)))
  const stop = async (): Promise<void> => {
    gone.abort()
    box.kill()
    await box.ended
    fs.rmSync(downloads, { recursive: true, force: true })
  }
  void box.ended.then(() => gone.abort())
  try {
    const { chromium } = await import('playwright-core')
    const transport = pipeTransport(box.stdin, box.stdout, () => box.kill())
    if (!(await box.entered)) throw new Error('its box could not be made')
    const browser = await chromium.connectOverCDP(transport, { artifactsDir: downloads, timeout: START })
    const cdp = await browser.newBrowserCDPSession()
    return { browser, cdp, downloads, pid: box.pid, gone: gone.signal, [Symbol.asyncDispose]: stop }
  } catch (error) {
    await stop()
    throw failed(error, said)
  }
}

function failed(error: unknown, said: string): LifeOsError {
  const reason = error instanceof Error ? error.message.split('\n')[0] : String(error)
  return new LifeOsError('browser-failed', `The browser did not start: ${reason}. Run lifeos doctor to see what this machine lacks.`, {
    class: 'operational',
    applied: 'no',
    cause: error,
    details: { said },
  })
}

function downloadFolder(identity: Sandbox['identity']): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'life-os-browser-')))
  fs.chmodSync(folder, 0o700)
  if (identity) fs.chownSync(folder, identity.uid, identity.gid)
  return folder
}

/** A program outside /usr is shown with the folder it lies in. */
function mountsOf(program: string): { from: string; to: string; access: 'read' }[] {
  if (program.startsWith('/usr/')) return []
  const folder = path.dirname(program)
  return [{ from: folder, to: folder, access: 'read' }]
}
