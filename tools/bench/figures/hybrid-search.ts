import type { Figure } from '../figure.ts'

export const hybridSearch: Figure = {
  name: 'hybrid-search',
  title: 'Hybrid search in 100,000 chunks, p95',
  target: { is: 'most', value: 100, unit: 'ms' },
}
