import { fault } from '../wire/faults.ts'
import type { Transport } from '../wire/transport.ts'

const LONGEST = 8 * 1024 * 1024

/** The values of newline-delimited JSON. @throws `model-invalid` for a line that is none, or has no end. */
export async function* jsonLines(response: Response, { name }: Transport['speaker']): AsyncGenerator<unknown> {
  const invalid = () => fault('model-invalid', { name, key: undefined }, { begun: true })
  const parse = (line: string): unknown => {
    try {
      return JSON.parse(line)
    } catch {
      throw invalid()
    }
  }
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of response.body ?? []) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > LONGEST) throw invalid()
    for (const line of lines) if (line.trim() !== '') yield parse(line)
  }
  if (rest.trim() !== '') yield parse(rest)
}
