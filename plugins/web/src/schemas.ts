import { z } from 'zod'

const MEBIBYTE = 1024 * 1024

export const Url = z
  .string()
  .max(8192)
  .regex(/^https?:\/\/[^\s/]/i, 'an address such as https://example.org/page')

/** Limits of one request; shared by the tools that read a whole page. */
export const limits = {
  maxBytes: z
    .int()
    .min(1)
    .max(64 * MEBIBYTE)
    .default(16 * MEBIBYTE)
    .describe('Refuse a longer answer, in bytes'),
  timeout: z.int().min(100).max(300_000).default(30_000).describe('Give up after this many milliseconds'),
}
export interface Limits {
  maxBytes: number
  timeout: number
}
