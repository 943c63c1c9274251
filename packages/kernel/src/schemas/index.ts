export { faultsOf } from './fits.ts'
export { wellFormed } from './well-formed.ts'
