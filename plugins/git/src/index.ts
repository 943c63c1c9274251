import { definePlugin } from '@life-os/plugin-sdk'
import { branch } from './tools/branch.ts'
import { checkout } from './tools/checkout.ts'
import { clone } from './tools/clone.ts'
import { commit } from './tools/commit.ts'
import { diff } from './tools/diff.ts'
import { log } from './tools/log.ts'
import { merge } from './tools/merge.ts'
import { pull } from './tools/pull.ts'
import { push } from './tools/push.ts'
import { rebase } from './tools/rebase.ts'
import { status } from './tools/status.ts'

export default definePlugin({ tools: [branch, checkout, clone, commit, diff, log, merge, pull, push, rebase, status] })
