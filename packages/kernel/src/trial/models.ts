import { LifeOsError } from '@life-os/contract'
import type { ExampleWorld } from '@life-os/plugin-sdk/testing/checks'
import type { HostModelService } from '../host/index.ts'

const SERVED = { model: 'example/scripted', local: true, cached: false, passed: [], calls: [], currency: 'USD', micros: 0 }
const DIMENSIONS = 64

/** Models as the examples' world scripts them. What nobody scripted fails as where no model is set up. */
export function scriptedModels(answers: ExampleWorld['models']): HostModelService {
  const used = new Set<ExampleWorld['models'][number]>()
  return {
    async generate(request) {
      const asked =
        request.messages
          .at(-1)
          ?.content.map((part) => (part.type === 'text' ? part.text : ''))
          .join('\n') ?? ''
      const fitting = answers.filter(({ when }) => asked.includes(when))
      const next = fitting.find((answer) => !used.has(answer)) ?? fitting.at(-1)
      if (!next) throw new LifeOsError('model-none', 'fixtures/models.json has no answer to this: add one.', { applied: 'no' })
      used.add(next)
      const usage = { input: words(asked).length, output: words(next.text).length, cached: 0, reasoning: 0 }
      return { ...SERVED, text: next.text, ...(next.object !== undefined && { object: next.object }), finish: 'stop', usage }
    },
    async embed(texts) {
      return { vectors: texts.map(vectorOf), model: SERVED.model, usage: { input: 0, output: 0, cached: 0, reasoning: 0 } }
    },
  }
}

const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

/** A bag of words in few dimensions: texts with common words are near, the same everywhere. */
function vectorOf(text: string): Float32Array {
  const vector = new Float32Array(DIMENSIONS)
  for (const word of words(text)) {
    let code = 0
    for (const letter of word) code = (code * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003
    vector[code % DIMENSIONS] = (vector[code % DIMENSIONS] ?? 0) + 1
  }
  const length = Math.hypot(...vector) || 1
  return vector.map((value) => value / length)
}
