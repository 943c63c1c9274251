import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { makeSampleFolder } from '@life-os/kernel/sample'
import type { Figure } from '../figure.ts'
import { ada, openBench } from '../kernel.ts'
import { median, timed } from '../numbers.ts'
import { newFolder } from '../places.ts'

const FILES = 1000
const TURNS = 3

export const tidyPreview: Figure = {
  name: 'tidy-preview',
  title: 'Preview of a 1,000-file tidy plan',
  target: { is: 'most', value: 1000, unit: 'ms' },
  why: 'A preview goes through its steps one after the other, so that clashes are numbered in the order of the plan: each of the thousand moves is four messages between the server and the plugin’s process, and the server waits for them a good part of the time.',
  async measure() {
    using folder = newFolder()
    await using bench = await openBench({ plugins: 'bundled' })
    await makeSampleFolder(folder.path, { files: FILES })
    const { runs } = bench.kernel
    let changes = 0
    const preview = async (): Promise<void> => {
      const shown = await runs.preview(
        { plan: 'tidy-folder', inputs: { folder: folder.path, recursive: true }, mode: 'draft', priority: 0, allow: [] },
        ada,
      )
      changes = shown.preview.changes.length
    }
    await preview() // starts the plugin's process
    const times: number[] = []
    for (let turn = 0; turn < TURNS; turn += 1) times.push(await timed(preview))
    return {
      value: median(times),
      floor: { what: 'list and stat the files', value: await timed(async () => look(folder.path)) },
      note: `median of ${TURNS}; ${changes} changes shown, each file recognised by its content`,
    }
  },
}

function look(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true })) statSync(join(folder, String(name)), { throwIfNoEntry: false })
}
