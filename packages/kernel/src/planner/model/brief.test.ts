import { describe, expect, it } from 'vitest'
import type { ToolDescription } from '@life-os/contract'
import { briefOf, roomFor } from './brief.ts'

const tool = (id: string, words: number): ToolDescription => ({
  id,
  title: id,
  description: 'word '.repeat(words),
  plugin: 'files',
  version: '1.0.0',
  input: { type: 'object' },
  output: { type: 'object' },
  effect: 'read',
  reversal: 'none',
  risk: 'low',
  idempotent: true,
  reconciles: false,
  compensates: false,
  needs: {},
  lane: 'io',
  examples: [],
})
const tools = Array.from({ length: 12 }, (_, index) => tool(`files.tool${index}`, 400))
const brief = (context: number | null): string => briefOf('tidy', { places: [], plans: [], tools, room: roomFor(context) })
const told = (context: number | null): number => brief(context).match(/^- files\.tool/gm)?.length ?? 0

describe('what a model is told of tools', () => {
  it.each([2048, 4096, 8192, 32_768, 1_000_000])('leaves a context of %i tokens the larger part for the rest', (context) => {
    expect(brief(context).length / 3).toBeLessThan(context / 2)
  })

  it('is as much as fits, the best first, and more where there is more room', () => {
    expect([told(2048), told(4096), told(8192), told(null)]).toEqual([1, 2, 4, 11])
    expect(brief(4096)).toContain('files.tool0')
    const mixed = [tool('files.long', 4000), tool('files.short', 10)]
    expect(briefOf('tidy', { places: [], plans: [], tools: mixed, room: 1000 })).toContain('files.short')
    expect(briefOf('tidy', { places: [], plans: [], tools: mixed, room: 1000 })).not.toContain('files.long')
  })
})
