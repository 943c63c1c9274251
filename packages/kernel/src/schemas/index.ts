export { faultsOf } from './fits.ts'
