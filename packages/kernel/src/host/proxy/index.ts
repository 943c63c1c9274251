export { openEgress } from './proxy.ts'
export type { Egress, EgressOptions } from './proxy.ts'
