import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Run } from '@life-os/contract'
import { openStore } from '@life-os/kernel/store'
import { buildPlugins } from '../../../tools/build/plugins.ts'
import { startEcho } from './testing/echo.ts'
import { commandLine, settled, startServing } from './testing/serving.ts'

const VALUE = 'canary-typed-by-hand-77'
const SHOWN = '[secret:typed]'
const root = fileURLToPath(new URL('../../..', import.meta.url))

test(
  'a known secret that a person types into a plan or a plain input: the run has it, and it is shown to nobody',
  { timeout: 120_000 },
  async () => {
    const plugins = join(root, 'dist', 'fixtures', 'server')
    await buildPlugins({ root: fileURLToPath(new URL('fixtures', import.meta.url)), out: plugins })
    await using stack = new AsyncDisposableStack()
    const base = fs.mkdtempSync(join(tmpdir(), 'lifeos-typed-'))
    stack.defer(() => fs.rmSync(base, { recursive: true, force: true }))
    const home = join(base, 'home')
    const echo = stack.use(await startEcho())
    const server = await startServing(home, plugins, undefined)
    stack.defer(() => server.kill('SIGKILL'))
    await server.ask('PUT', '/secrets/typed', { name: 'typed', kind: 'token', title: '', hosts: [echo.place], value: VALUE })
    for (const permission of [`net:${echo.place}`, 'secret.use:typed'])
      await server.ask('POST', '/grants', { subject: { kind: 'any', id: '*' }, permission, verdict: 'allow' })

    const step = (url: string) => ({ id: 'call', tool: 'canary.ask', input: { url, auth: { secret: 'typed' } } })
    const written = {
      id: 'written',
      name: 'Written',
      steps: [step(`${echo.url}/written?key=${VALUE}`)],
      outputs: { all: '${{ steps.call }}' },
    }
    const asking = {
      id: 'asking',
      name: 'Asking',
      inputs: { word: { type: 'text', title: 'Word' } },
      steps: [step(`${echo.url}/asking?key=` + '${{ inputs.word }}')],
      outputs: { all: '${{ steps.call }}', word: '${{ inputs.word }}' },
    }
    const inputs = { word: VALUE }
    const said: string[] = []
    for (const [plan, more] of [
      [written, {}],
      [asking, { inputs }],
    ] as const) {
      const started = await server.ask<Run>('POST', '/runs', { plan, mode: 'autopilot', ...more })
      const { id } = started
      expect(id, JSON.stringify(started)).toBeDefined()
      const run = await settled(server, id)
      expect(run, JSON.stringify(run)).toMatchObject({ state: 'done' })
      expect(echo.told.some((all) => all.startsWith(`GET\n/${plan.id}?key=${VALUE}\n`))).toBe(true)
      for (const part of ['', '/steps', '/journal', '/effects', '/changes', '/outputs', '/plan', '/preview'])
        await server.ask('GET', `/runs/${id}${part}`)
      said.push(await commandLine(home, undefined, 'runs', 'show', id), await commandLine(home, undefined, 'runs', 'watch', id, '--json'))
    }
    await server.ask('GET', '/runs?limit=10')
    said.push(await commandLine(home, undefined, 'runs', '--json'))
    const answers = server.answers.join('\n')
    expect(answers).toContain(`/written?key=${SHOWN}`)
    expect(answers).toContain(JSON.stringify({ word: SHOWN }))
    expect(said.join('\n')).toContain('"state":"done"')
    for (const shown of [answers, said.join('\n'), server.said()]) expect(shown).not.toContain(VALUE)

    await server.kill('SIGTERM')
    await using store = await openStore({ home })
    const journal = JSON.stringify(await store.db.selectFrom('run_events').selectAll().execute())
    expect(journal).toContain('/written?key=')
    expect(journal).not.toContain(VALUE)
  },
)
