import { once } from 'node:events'
import { sendJson, text } from '../format.ts'
import type { OtherCall } from '../format.ts'

const digest = 'sha256:2bada8a7450677000f678be90653b85d364de7db25eb5ea54136ada5f3933730'
const size = 4_000_000

/** Progress as NDJSON: manifest, the layer in four parts, digest, manifest, success. `options.library` holds what can be had. */
export async function servePull({ body, models, options, response }: OtherCall): Promise<void> {
  const name = text(body['model'] ?? body['name'])
  if (options.library && !options.library.includes(name)) {
    sendJson(response, 200, { error: 'pull model manifest: file does not exist' })
    return
  }
  response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  const send = async (note: object, part: number) => {
    await options.pullPace?.(part)
    if (!response.destroyed && !response.write(`${JSON.stringify(note)}\n`))
      await Promise.race([once(response, 'drain'), once(response, 'close')])
  }
  await send({ status: 'pulling manifest' }, 0)
  for (const part of [1, 2, 3, 4])
    await send({ status: `pulling ${digest.slice(7, 19)}`, digest, total: size, completed: (size / 4) * part }, part)
  for (const [place, status] of ['verifying sha256 digest', 'writing manifest', 'success'].entries()) await send({ status }, 5 + place)
  if (!response.destroyed && !models.some((model) => model.name === name)) models.push({ name, size })
  response.end()
}
