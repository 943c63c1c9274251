// Set-up of the plugins' tests: hands the kernel's hosts to the contract suite, loaded when the first example runs.
import { provideTestHost } from '@life-os/plugin-sdk/testing'
import type { TestHosts } from '@life-os/kernel/trial'
import { afterAll } from 'vitest'

let hosts: Promise<TestHosts> | undefined
provideTestHost(async (options) => {
  hosts ??= import('@life-os/kernel/trial').then(({ openTestHosts }) => openTestHosts())
  return (await hosts).create(options)
})
afterAll(async () => (await hosts)?.[Symbol.asyncDispose]())
