/** Lines of bytes that come in pieces, each joined once; a line beyond the limit ends the reading. */
export interface LineReader {
  /** Whole lines so far, without their ends. Throws where one is longer than allowed. */
  take(chunk: Buffer): string[]
}

const END = 10 // \n

export function createLineReader(most: number): LineReader {
  let pieces: Buffer[] = []
  let size = 0
  return {
    take(chunk) {
      const lines: string[] = []
      let start = 0
      for (let end = chunk.indexOf(END); end >= 0; end = chunk.indexOf(END, start)) {
        lines.push(Buffer.concat([...pieces, chunk.subarray(start, end)]).toString('utf8'))
        pieces = []
        size = 0
        start = end + 1
      }
      const rest = chunk.subarray(start)
      size += rest.length
      if (size > most) throw new Error(`a message has more than ${most} bytes`)
      if (rest.length > 0) pieces.push(rest)
      return lines
    },
  }
}
