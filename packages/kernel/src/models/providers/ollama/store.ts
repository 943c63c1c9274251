import type { ModelStore } from '../types.ts'
import { fault } from '../wire/faults.ts'
import type { LifeOsError } from '@life-os/contract'
import { field, numberIn, textIn } from '../wire/json.ts'
import type { Transport } from '../wire/transport.ts'
import { jsonLines } from './lines.ts'

/** Models on Ollama's disk. */
export function createStore(transport: Transport, base: string): ModelStore {
  const post = (body: object, signal: AbortSignal, method = 'POST') => ({
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  })
  return {
    async pull(name, onProgress, signal) {
      const response = await transport.fetch(`${base}/api/pull`, post({ model: name, stream: true }, signal))
      await followPull(response, transport, onProgress)
    },
    async remove(name, signal) {
      const response = await transport.fetch(`${base}/api/delete`, post({ model: name }, signal, 'DELETE'))
      await response.body?.cancel()
    },
    async show(name, signal) {
      const said = await transport.json('/api/show', signal, post({ model: name }, signal))
      const details = {
        ...record(field(said, 'details')),
        ...plainInfo(field(said, 'model_info')),
        capabilities: field(said, 'capabilities') ?? [],
      }
      const parameters = textIn(said, 'parameters')
      return {
        details: parameters === '' ? details : { ...details, parameters },
        license: textIn(said, 'license') || null,
        template: textIn(said, 'template') || null,
      }
    },
  }
}

/** Sums the layers, each of which tells its own progress. Ends at `success`; a stream that ends before is cut off. */
async function followPull(response: Response, { speaker }: Transport, onProgress: Parameters<ModelStore['pull']>[1]): Promise<void> {
  const layers = new Map<string, { done: number; of: number }>()
  for await (const note of jsonLines(response, speaker)) {
    const failed = field(note, 'error')
    if (failed !== undefined) throw pullFault(String(failed), speaker)
    const of = numberIn(note, 'total')
    if (of !== null) layers.set(textIn(note, 'digest'), { done: numberIn(note, 'completed') ?? 0, of })
    const sum = (part: 'done' | 'of') => [...layers.values()].reduce((all, layer) => all + layer[part], 0)
    const message = textIn(note, 'status')
    onProgress({ message, done: sum('done'), of: layers.size === 0 ? null : sum('of') })
    if (message === 'success') return
  }
  throw fault('model-cut-off', { ...speaker, key: undefined })
}
function pullFault(said: string, speaker: Transport['speaker']): LifeOsError {
  const missing = /does not exist|not found/.test(said)
  return fault(missing ? 'model-missing' : 'model-failed', { ...speaker, key: undefined }, { said })
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}
/** Without the vocabulary, which has a hundred thousand entries. */
function plainInfo(info: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record(info)).filter(([, value]) => typeof value !== 'object'))
}
