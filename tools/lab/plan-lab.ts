// A whole Life-OS for one test: real store, gate, runs, and the bundled plugins in processes of their own.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Actor, Preview, Run, StartRun } from '@life-os/contract'
import { composeKernel } from '@life-os/server'
import type { Kernel } from '@life-os/server'
import { createLogger } from '@life-os/kernel/telemetry'
import { buildPlugins } from '../build/plugins.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const out = path.join(root, 'dist')
const ada: Actor = { kind: 'person', id: 'ada', name: 'Ada' }

export interface PlanLab extends AsyncDisposable {
  readonly kernel: Kernel
  /** An empty folder to act on, as its real path. */
  readonly folder: string
  /** What a shipped plan would do. */
  preview(plan: string, inputs: Record<string, unknown>): Promise<Preview>
  /** Runs a shipped plan as a person would: looks, approves everything, and lets it settle. */
  run(plan: string, inputs: Record<string, unknown>, except?: string[]): Promise<Run>
  outputs(run: Run): Promise<Record<string, unknown>>
  /** Undoes a run as a person would. */
  undo(run: Run): Promise<Run>
}

export async function createPlanLab(): Promise<PlanLab> {
  await buildPlugins({ root, out })
  const home = realpathSync(mkdtempSync(path.join(tmpdir(), 'lifeos-lab-home-')))
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'lifeos-lab-folder-')))
  const kernel = await composeKernel({ home, pluginsDir: out, logger: createLogger({ level: 'silent' }), ownerName: 'ada' })
  const { runs, gate } = kernel
  const request = (plan: string, inputs: Record<string, unknown>): StartRun => ({ plan, inputs, mode: 'draft', priority: 0, allow: [] })

  /** Says yes to all that is asked until nothing is. */
  async function approved(started: Run, except: string[] = []): Promise<Run> {
    let run = await runs.settled(started.id)
    for (let questions = 0; run.approval !== null; questions += 1) {
      if (questions > 20) throw new Error('the run does not stop asking')
      const { hash } = await gate.approvals.get(run.approval)
      await runs.answer(run.approval, { answer: 'approve', hash, except: [], exceptGlobs: except, final: false, remember: 'no' }, ada)
      run = await runs.settled(run.id)
    }
    return run
  }

  return {
    kernel,
    folder,
    preview: async (plan, inputs) => (await runs.preview(request(plan, inputs), ada)).preview,
    run: async (plan, inputs, except) => approved(await runs.start(request(plan, inputs), ada), except),
    outputs: async (run) => (await runs.outputs(run.id)) ?? {},
    undo: async (run) => approved(await runs.undo(run.id, { conflicts: 'skip' } as Parameters<typeof runs.undo>[1], ada)),
    async [Symbol.asyncDispose]() {
      await kernel.close()
      for (const place of [home, folder]) rmSync(place, { recursive: true, force: true })
    },
  }
}
