declare module 'virtual:contract' {
  /** The contract's routes without their schemas; typed as the whole, since the client reads only method and path. */
  const contract: import('@life-os/contract').Contract
  export default contract
}
