// The checks that play a tool's examples on the real host: what it does, what it leaves, what it takes back.
import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { missing } from '../missing.ts'
import { contentOf, differences } from './content.ts'
import { messageOf, playExamples } from './play.ts'
import type { Play } from './play.ts'
import type { Subject } from './types.ts'

/** For real: it gives what the example promises, and a tool that reads leaves everything as it was. */
export const examplesRun = (subject: Subject, id: string): Promise<string[]> =>
  playExamples(subject, id, async (play) => {
    await using host = await play.host('run')
    const { output, failure } = await play.call(host)
    if (failure) return [`it fails with ${messageOf(failure)}`]
    const touched = play.tool.effect === 'read' ? play.touched() : []
    return [
      ...touched.map((name) => `it declares “read” and changed ${name}`),
      ...missing(play.example.output, play.world.leave(output)).map((fault) => `its output differs: ${fault}`),
    ]
  })

/** As a preview: the effect shows, and nothing changes. */
export async function previewChangesNothing(subject: Subject, id: string): Promise<string[]> {
  const asked = new Set<string>()
  const found = await playExamples(subject, id, async (play) => {
    await using host = await play.host('preview')
    const handle: typeof host.handle = (service, args, signal) => (asked.add(service), host.handle(service, args, signal))
    const { failure } = await play.call({ handle }, { phase: 'preview' })
    if (failure && failure.code !== 'recording-ended') return [`its preview fails with ${messageOf(failure)}`]
    const faults = play.touched().map((name) => `its preview changed ${name}: act through the host alone`)
    if (play.tool.effect !== 'read' && host.changes().length === 0)
      faults.push('its preview shows no change: let an example do what the tool is for')
    return faults
  })
  if (found.length === 0) subject.previewed.set(id, asked)
  return found
}

/** Run and taken back, the world is as it was: by the host for exact effects, by the tool for compensated ones. */
export const undoRestores = (subject: Subject, id: string): Promise<string[]> =>
  playExamples(subject, id, async (play) => {
    if (play.tool.effect === 'read' || play.tool.reversal === 'none') return [] // nothing to take back, or final and said so
    await using host = await play.host('run')
    const { output, failure } = await play.call(host)
    if (failure) return [`it fails with ${messageOf(failure)}`]
    if (play.tool.reversal === 'compensate') return await compensated(play, host, output) // the host lives until then
    const conflicts = await host.undo()
    return [...conflicts, ...play.touched().map((name) => `after the undo ${name} is not as it was`)]
  })

async function compensated(play: Play, host: Awaited<ReturnType<Play['host']>>, output: unknown): Promise<string[]> {
  const done = host.changes().length
  const { failure } = await play.call(host, { method: 'compensate', value: { output, input: play.input } })
  if (failure) return [`its compensate fails with ${messageOf(failure)}`]
  return host.changes().length > done ? [] : ['its compensate does nothing: take back there what run did']
}

/** A tool that says it is idempotent does no more, called twice with one key, than once. */
export const twiceIsOnce = (subject: Subject, id: string): Promise<string[]> =>
  playExamples(subject, id, async (play) => {
    if (!play.tool.idempotent || play.tool.effect === 'read') return []
    const key = randomUUID()
    await using host = await play.host('run')
    const first = await play.call(host, { key })
    const once = contentOf(play.world.home)
    const second = await play.call(host, { key })
    const failure = first.failure ?? second.failure
    if (failure) return [`called twice with one key it fails with ${messageOf(failure)}`]
    return [
      ...(isDeepStrictEqual(first.output, second.output) ? [] : ['called twice with one key it answers differently']),
      ...differences(once, contentOf(play.world.home)).map((name) => `called twice with one key it does more than once: ${name}`),
    ]
  })
