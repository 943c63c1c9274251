/** Model servers that speak the documented formats over HTTP, for tests of every tier. */
export * from '@life-os/kernel/models/testing'
