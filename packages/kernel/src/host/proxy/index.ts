export { openEgress } from './proxy.ts'
export type { Egress, EgressOptions } from './proxy.ts'
export { openOwnEgress } from './own-egress.ts'
