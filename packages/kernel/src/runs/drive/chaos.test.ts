import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import type { Run } from '@life-os/contract'
import { makeSampleFolder } from '../../sample/index.ts'
import { forEachStore, type StorePlace } from '../../store/testing.ts'
import { manifestOf } from '../../host/fixtures.ts'
import { builds } from '../testing.ts'

const FILES = 500
const KILLS = 50
const worker = fileURLToPath(new URL('../fixtures/worker.ts', import.meta.url))
const tidy = readFileSync(fileURLToPath(new URL('../../../../../plugins/files/src/plans/tidy-folder.yaml', import.meta.url)), 'utf8')

interface Worker {
  ask(order: object): Promise<{ run?: Run; recovered?: number; error?: string } | null>
  ended: Promise<NodeJS.Signals | null>
  end(): void
  child: ChildProcess
}

function startWorker(place: StorePlace, folder: string, built: string[], killAfter?: number, killWait?: number): Worker {
  const order = JSON.stringify({ home: place.home, url: place.url, folder, killAfter, killWait, options: { builds: built } })
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', worker, order], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    child.once('exit', (_code, signal) => resolve(signal))
  })
  child.stdin.on('error', () => undefined) // it may be dead already: that is the point
  const next = async () => {
    const { value, done } = await lines.next()
    return done ? null : (JSON.parse(value) as { run?: Run; recovered?: number; error?: string }) // one JSON document a line
  }
  const ready = next()
  return {
    child,
    ended,
    end: () => child.stdin.end(),
    async ask(what) {
      if (!(await ready)) return null
      child.stdin.write(`${JSON.stringify(what)}\n`)
      return next()
    },
  }
}

/** Every file's bytes, whatever their names: nothing lost, nothing doubled. Placeholders of a move are empty and not counted. */
function contentsOf(folder: string): string[] {
  return manifestOf(folder)
    .flatMap((line) => / file ([1-9]\d*) ([0-9a-f]{64}) /.exec(line)?.[2] ?? [])
    .toSorted()
}

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

forEachStore((name, _open, freshPlace) => {
  it(`survives SIGKILL at ${KILLS} random moments of tidying ${FILES} files (${name})`, { timeout: 420_000 }, async () => {
    const built = await builds()
    await using place = await freshPlace()
    const folder = mkdtempSync(join(tmpdir(), 'lifeos-chaos-'))
    folders.push(folder)
    await makeSampleFolder(folder, { files: FILES })
    const before = manifestOf(folder)
    const contents = contentsOf(folder)
    const random = (most: number): number => Math.floor(Math.random() * most)
    const state = { kills: 0, target: null as string | null, last: null as string | null, undoing: false }

    /** One life of the process: recover, go on with what is in hand, until it is done or killed. Null: it was killed. */
    const live = async (inHand: Worker): Promise<true | null> => {
      if (!(await inHand.ask({ do: 'recover' }))) return null
      if (state.target === null) {
        const shown = await inHand.ask(
          state.undoing ? { do: 'undoPreview', run: state.last } : { do: 'preview', plan: tidy, inputs: { folder } },
        )
        expect(shown?.error).toBeUndefined()
        if (!shown?.run) return null
        state.target = shown.run.id
      }
      const answered = await inHand.ask({ do: 'approve', run: state.target })
      expect(answered?.error).toBeUndefined()
      const settled = answered && (await inHand.ask({ do: 'settled', run: state.target }))
      if (!settled) return null
      expect(settled.run, JSON.stringify(settled.run)).toMatchObject({ state: 'done' })
      expect(contentsOf(folder), 'every content once').toEqual(contents)
      if (state.undoing) expect(manifestOf(folder), 'undo restores the manifest').toEqual(before)
      state.last = state.target
      state.target = null
      state.undoing = !state.undoing
      return true
    }

    while (state.kills < KILLS || state.target !== null || state.undoing) {
      const inHand = state.kills < KILLS ? startWorker(place, folder, built, 1 + random(14), random(6)) : startWorker(place, folder, built)
      const outcome = await live(inHand)
      inHand.end()
      if ((await inHand.ended) === 'SIGKILL') state.kills += 1
      else expect(outcome).toBe(true)
      expect(contentsOf(folder).length, 'no file lost or doubled').toBe(contents.length)
    }
    const { kills } = state
    expect(kills).toBeGreaterThanOrEqual(KILLS)
    expect(manifestOf(folder)).toEqual(before)
  })
})
