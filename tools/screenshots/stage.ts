import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BUILD, startServer } from '@life-os/server'
import { layInvoices, startModel } from './model.ts'

export interface Stage extends AsyncDisposable {
  address: string
  /** Signs the owner in once. */
  link: string
  /** The made-up person's home folder. */
  home: string
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo // a TCP server's address
  await new Promise((resolve) => probe.close(resolve))
  return port
}

/** A Life-OS of its own on a new folder, for a person called Ada who does not exist. Needs `npm run build`. */
export async function setStage(): Promise<Stage> {
  const root = mkdtempSync(join(tmpdir(), 'life-os-screenshots-'))
  const home = join(root, 'ada')
  mkdirSync(join(home, 'Documents'), { recursive: true })
  mkdirSync(join(home, 'Downloads'))
  process.env['HOME'] = home
  layInvoices(join(home, 'Papers'))
  const model = await startModel(join(home, 'Papers'))
  process.env['OLLAMA_HOST'] = model.place
  const server = await startServer({ home: join(home, '.life-os'), pluginsDir: BUILD, port: await freePort(), print: () => {} })
  await server.kernel.store.db.updateTable('people').set({ name: 'Ada' }).execute()
  return {
    address: server.address,
    link: server.link,
    home,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await model[Symbol.asyncDispose]()
      rmSync(root, { recursive: true, force: true })
    },
  }
}
