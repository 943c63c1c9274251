/** What a server may send, so that none fills this process. */
export const LIMITS = {
  tools: 500,
  resources: 1000,
  prompts: 200,
  name: 128,
  title: 120,
  description: 4000,
  /** Bytes of one tool's schema. */
  schema: 64 * 1024,
  /** Bytes of one message of a server in a box. */
  message: 16 * 1024 ** 2,
  /** Bytes of one HTTP answer, a stream's whole length too. */
  answer: 64 * 1024 ** 2,
  /** Characters of text and bytes of structured content in one result. */
  text: 1_000_000,
  /** Pictures and other parts of one result. */
  parts: 200,
  /** Lines of its log that are kept, and characters of a line. */
  lines: 200,
  line: 1000,
  /** Malformed lines and messages that nobody asked for, before a server is ended. */
  noise: 5000,
  /** Milliseconds: to stand and say hello, without a call, and silent within an HTTP answer. */
  hello: 30_000,
  idle: 300_000,
  silence: 600_000,
} as const
