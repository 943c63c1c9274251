import fs from 'node:fs'
import path from 'node:path'
import type { CommandResult } from '@life-os/plugin-sdk'
import { createSandbox } from '../../sandbox/index.ts'
import type { Sandbox } from '../../sandbox/types.ts'
import { temporaryFolder } from '../fixtures.ts'
import { createTestHost } from '../testing.ts'
import type { TestHost, TestHostOptions } from '../testing.ts'

export interface CommandBench extends AsyncDisposable {
  readonly sandbox: Sandbox
  /** Everything lies below; as its real path. */
  readonly root: string
  /** A host that may reach the folder `work` below the root and run `sh`. */
  host(options?: TestHostOptions): Promise<TestHost>
  /** `work` below the root. */
  readonly work: string
  write(files: Record<string, string>): void
  /** Copies and sockets that are still there. */
  leftovers(): string[]
}

/** Real boxes over a folder of this test's own. */
export async function createCommandBench(): Promise<CommandBench> {
  const sandbox = await createSandbox()
  const root = temporaryFolder()
  const temporary = path.join(root, 'tmp')
  fs.mkdirSync(temporary)
  fs.chmodSync(root, 0o711) // boxes have a uid of their own and must reach their copies
  fs.chmodSync(temporary, 0o711)
  const before = process.env.TMPDIR
  process.env.TMPDIR = temporary
  const work = path.join(root, 'work')
  fs.mkdirSync(work)
  const hosts: TestHost[] = []
  return {
    sandbox,
    root,
    work,
    leftovers: () => fs.readdirSync(temporary).filter((name) => name.startsWith('life-os-box-') || name.startsWith('life-os-exit-')),
    async host(options = {}) {
      const allowed = [
        { kind: 'exec', resource: 'sh' },
        { kind: 'fs.write', resource: `${work}/**` },
      ]
      const host = await createTestHost(root, { sandbox, allowed, ...options })
      hosts.push(host)
      return host
    },
    write(files) {
      for (const [name, text] of Object.entries(files)) {
        fs.mkdirSync(path.dirname(path.join(work, name)), { recursive: true })
        fs.writeFileSync(path.join(work, name), text)
      }
    },
    async [Symbol.asyncDispose]() {
      for (const host of hosts) await host[Symbol.asyncDispose]()
      await sandbox[Symbol.asyncDispose]()
      if (before === undefined) delete process.env.TMPDIR
      else process.env.TMPDIR = before
      fs.rmSync(root, { recursive: true, force: true })
    },
  }
}

/** A script as the shell's standard input. */
export const script = (text: string, more: Record<string, unknown> = {}) => ({ program: 'sh', args: ['-s'], script: text, ...more })
export type ViewResult = CommandResult & { changed: string[] }
