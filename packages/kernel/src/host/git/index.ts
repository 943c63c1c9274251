export { createGitFetch } from './fetch-git.ts'
export type { GitAddress, GitFetchDependencies, GitFiles } from './fetch-git.ts'
