import type { ServerResponse } from 'node:http'
import type { FullAnswer } from './answers.ts'
import { sendJson } from './format.ts'
import type { Frame, WireFormat } from './format.ts'
import type { WireAnswer, WireRequest } from './types.ts'

/** Sends an answer, whole or in frames, with the faults it was told to have. */
export async function speak(
  format: WireFormat,
  response: ServerResponse,
  request: WireRequest,
  answer: WireAnswer,
  full: FullAnswer,
): Promise<void> {
  if (answer.garbage !== undefined) {
    response.writeHead(200, { 'content-type': request.stream ? format.streamType : 'application/json' }).end(answer.garbage)
    return
  }
  if (!request.stream) return sendJson(response, 200, format.whole(full, request), answer.headers)
  response.writeHead(200, { 'content-type': format.streamType, ...answer.headers })
  response.flushHeaders()
  await stream(format, response, answer, format.frames(full, request))
}

async function stream(format: WireFormat, response: ServerResponse, answer: WireAnswer, frames: Iterable<Frame>): Promise<void> {
  let pieces = 0
  for (const { data, token } of frames) {
    if (token) {
      if (pieces === answer.failAfter) return void response.end(format.failure(answer.message ?? 'Overloaded'))
      if (pieces === answer.cutAfter) return void response.destroy()
      const piece = pieces++ // not inside the call: without a pace it would not be counted
      await answer.pace?.(piece)
    }
    if (response.destroyed) return
    await new Promise<void>((done) => response.write(data, () => done()))
  }
  if (answer.failAfter !== undefined) return void response.end(format.failure(answer.message ?? 'Overloaded'))
  if (answer.cutAfter !== undefined) return void response.destroy()
  response.end()
}
