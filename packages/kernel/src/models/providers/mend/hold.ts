import { createStrip } from './strip.ts'

/** Lets text out as it comes, but holds back what may turn out to be a call, and drops a small model's thinking. */
export interface Hold {
  push(delta: string): void
  /** The end of the stream: everything that came, without the thinking. Nothing more goes out before `release`. */
  end(): string
  /** Lets out what is still held of the beginning that is kept. */
  release(kept: string): void
}

/** From here on a call may follow: nothing more goes out until the end. */
const MARK = /```[a-zA-Z_]*\s*[{[<]|<tool_call|<function|<\|python_tag\||<\|tool_call\||\[TOOL_CALLS\]/
/** An end that may grow into a mark. */
const MAY_GROW = /(?:`{1,2}|```[a-zA-Z_]*\s*|<[a-z_|]{0,12}|\[[A-Z_]{0,11})$/

/** `loose`: the model is one that may write thinking into its text; `calls`: and calls of tools, which were offered. */
export function createHold(onText: (delta: string) => void, { loose, calls }: { loose: boolean; calls: boolean }): Hold {
  const strip = loose ? createStrip() : undefined
  let text = ''
  let sent = 0
  const send = (until: number) => {
    if (until <= sent) return
    onText(text.slice(sent, until))
    sent = until
  }
  return {
    push(delta) {
      text += strip ? strip.push(delta) : delta
      send(calls ? safeEnd(text, sent) : text.length)
    },
    end() {
      text += strip?.end() ?? ''
      return text
    },
    release: (kept) => send(kept.length),
  }
}

/** How far text may go out; what has gone out held no mark. */
function safeEnd(text: string, sent: number): number {
  if (/^\s*(?:[{[]|$)/.test(text)) return sent
  const fresh = text.slice(sent)
  const place = MARK.exec(fresh)?.index ?? MAY_GROW.exec(fresh)?.index
  return place === undefined ? text.length : sent + place
}
