// The checks that make a tool's life hard: bad input, no permission, answers above every limit.
import { LifeOsError } from '@life-os/contract'
import { isRefusal } from '../../tool/index.ts'
import { messageOf, playExamples } from './play.ts'
import type { Outcome, Play } from './play.ts'
import type { PluginCall, Subject } from './types.ts'

const nowhere: PluginCall['services'] = {
  handle: (service) => Promise.reject(new LifeOsError('not-asked', `${service} must not be called with bad input.`, { applied: 'no' })),
}
const ABSURD = [[['Life-OS']]] // no schema of a text, a number, an object or a list of those takes it

/** Nothing at all, and each field of every example replaced by something absurd: refused, with the place named. */
export async function badInputRefused(subject: Subject, id: string): Promise<string[]> {
  let named = 0
  const faults = await playExamples(subject, id, async (play) => {
    const nothing = await play.call(nowhere, { value: null })
    if (nothing.failure?.code !== 'input-invalid') return [`given nothing at all it ${told(nothing)} instead of refusing the input`]
    for (const key of Object.keys(play.input as object)) {
      const { failure } = await play.call(nowhere, { value: { ...(play.input as object), [key]: ABSURD } }) // an object, as input is
      const issues = failure?.code === 'input-invalid' ? (failure.details?.['issues'] as { path: string }[] | undefined) : undefined // the schema's refusal carries them
      if (!issues) continue // takes anything here
      if (!issues.some(({ path }) => path === '' || path.split('.')[0] === key)) return [`given a bad “${key}” it blames something else`]
      named++
    }
    return []
  })
  return faults.length > 0 || named > 0 ? faults : [`${id} checks no field of its examples: give the fields of its input types`]
}

/** A host that allows nothing: the call ends with the host's refusal, and nothing has changed. */
export const refusesWithoutPermission = (subject: Subject, id: string): Promise<string[]> =>
  playExamples(subject, id, async (play) => {
    await using host = await play.host('run', 'nothing')
    const refused: string[] = []
    const { failure } = await play.call({
      handle: (service, args, signal) =>
        host.handle(service, args, signal).catch((thrown: unknown) => {
          if (thrown instanceof LifeOsError && isRefusal(thrown.code)) refused.push(service)
          throw thrown
        }),
    })
    const faults = play.touched().map((name) => `without permission it changed ${name}`)
    if (refused.length === 0) return faults // it needed nothing here
    if (!failure) return [...faults, `it goes on although ${refused[0]} was refused: let the host's error end the call`]
    if (isRefusal(failure.code)) return faults
    return [...faults, `when ${refused[0]} is refused it fails with ${messageOf(failure)}: pass the host's own error on`]
  })

const MIB = 1024 * 1024
const LISTED = 20_000
const LIMITED = /^(fs\.(list|read|readText|hash|sniff|usage)|net\.(fetch|download)|blobs\.get|exec\.compute)$/

/** What the host may answer at most, and its refusals above that: each ends in an output or an error with a code. */
export async function limitsHandled(subject: Subject, id: string): Promise<string[]> {
  const asked = subject.previewed.get(id)
  if (asked && ![...asked].some((service) => LIMITED.test(service))) return [] // it would be answered as it was in its preview
  return playExamples(subject, id, async (play) => {
    const large = await withHost(play, async (service, args, answer) => enlarge(service, args, await answer()))
    const limited = await withHost(play, async (service, _args, answer) => {
      if (!LIMITED.test(service)) return answer()
      throw new LifeOsError('answer-too-large', `${service} has more to say than is allowed; ask for less.`, { applied: 'no' })
    })
    return [
      ...unclean(large).map((how) => `given as much as the host ever answers it ${how}`),
      ...unclean(limited).map((how) => `told by the host that an answer is too large it ${how}`),
    ]
  })
}

type Twist = (service: string, args: readonly unknown[], answer: () => Promise<unknown>) => Promise<unknown>

/** In a preview, so that nothing comes of it. */
async function withHost(play: Play, twist: Twist): Promise<Outcome> {
  await using host = await play.host('preview')
  return await play.call(
    { handle: (service, args, signal) => twist(service, args, () => host.handle(service, args, signal)) },
    { phase: 'preview' },
  )
}

function enlarge(service: string, args: readonly unknown[], answer: unknown): unknown {
  switch (service) {
    case 'fs.readText':
      return 'Life-OS\n'.repeat(MIB)
    case 'fs.read':
      return new Uint8Array(8 * MIB).fill(0x61)
    case 'net.fetch':
      return { ...(answer as object), body: new Uint8Array(16 * MIB).fill(0x61) } // a FetchAnswer
    case 'fs.list':
      return Array.from({ length: LISTED }, (_, index) => entry(String(args[0]), `file ${index}.txt`))
    default:
      return answer
  }
}

const entry = (folder: string, name: string) => ({
  path: `${folder}/${name}`,
  name,
  kind: 'file',
  size: 1,
  mode: 0o644,
  mtime: 0,
  created: 0,
})

const UNCLEAN = new Set(['tool-failed', 'unexpected', 'plugin-crashed', 'output-invalid', 'call-timeout'])

function unclean({ failure }: Outcome): string[] {
  return failure && UNCLEAN.has(failure.code) ? [`fails with ${messageOf(failure)}: throw a LifeOsError that says what to do`] : []
}

const told = ({ failure }: Outcome): string => (failure ? `fails with ${failure.code}` : 'goes on')
