export { encode, filterFor } from './filter.ts'
