import { z } from 'zod'

/** Words that git would read as an option, or that are no name of anything. */
const NAME = /^(?!-)(?!.*\.\.)(?!.*[\s~^:?*[\\\p{Cc}])(?!.*\/$)(?!.*\.lock$).{1,200}$/u

export const Repository = z.string().min(1).describe('The folder that holds .git, as an absolute path')
export const BranchName = z.string().regex(NAME, 'a name as git takes it: no spaces, no leading dash, none of ~ ^ : ? * [ \\')
/** A branch, tag, commit or an expression such as `HEAD~2`. */
export const Revision = z.string().regex(/^(?!-)[^\s\p{Cc}:?*[\\]{1,200}$/u, 'a branch, tag or commit, such as main, v1.2 or HEAD~2')
export const RemoteName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'the name of a remote, such as origin')
export const Secret = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/)
  .optional()
  .describe('Name of a secret that signs in to the server: a token, or a name with a password')
/** Relative paths below the repository. */
export const Paths = z
  .array(
    z
      .string()
      .min(1)
      .refine((path) => !path.startsWith('/') && !path.split('/').includes('..'), 'a path below the repository'),
  )
  .max(10_000)
export const Commit = z.string().regex(/^[0-9a-f]{40,64}$/)
export const Moved = z.object({
  branch: z.string().nullable().describe('Null where HEAD names no branch'),
  before: Commit.nullable().describe('Null before the first commit'),
  after: Commit.nullable(),
})
