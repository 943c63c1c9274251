/** What a person filled in; only the part of the chosen place counts. */
export interface InstallDraft {
  from: 'folder' | 'git' | 'archive'
  folder: string
  watch: boolean
  git: string
  ref: string
  archive: File | null
}

/** What is missing or wrong, with how to mend it; undefined when it can be sent. */
export function installFault(draft: InstallDraft): string | undefined {
  if (draft.from === 'folder') {
    if (draft.folder.trim() === '') return 'Choose a folder.'
    return /^(\/|~)/.test(draft.folder.trim()) ? undefined : 'Write the whole path, beginning with / or ~.'
  }
  if (draft.from === 'git') {
    if (draft.git.trim() === '') return 'Write the address of a git repository.'
    return /^(https?|ssh|git|file):\/\/|^[\w.-]+@[\w.-]+:|^\//.test(draft.git.trim())
      ? undefined
      : 'Write the whole address, for example https://example.org/ada/weather.git.'
  }
  if (draft.archive === null) return 'Choose an archive.'
  return /\.(tgz|tar\.gz|tar|zip)$/i.test(draft.archive.name) ? undefined : 'Only .tgz, .tar.gz, .tar and .zip can be read.'
}
