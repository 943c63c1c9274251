export { excerptOf } from './excerpt.ts'
export { searchQuery } from './query.ts'
export type { SearchQuery, SearchTerm } from './query.ts'
export { wordsOf } from './words.ts'
