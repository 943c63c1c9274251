export const readmeText = (id: string, title: string): string => `# ${title}

Say here what it is for, in a sentence or two.

## Set-up

None: it needs no account and no settings.

## Tools

- \`${id}.count-words\` counts words and lines: \`{ "file": "/home/ada/Documents/letter.txt" }\` gives \`{ "words": 7, "lines": 2 }\`.
- \`${id}.add-line\` adds a line to a text file. The preview shows the difference, and an undo takes it back.

## Limits

Files of valid UTF-8 up to 8 MiB.
`

export const qualityText = `# Each rule is done, todo (with what is missing), or exempt with a reason. “lifeos plugin check .” holds it to that.
level: bronze
rules:
  # bronze
  manifest-valid: done
  contract-green: done
  readme-complete: done
  examples-run: done
  errors-clear: done
  unloads-clean: done
  no-network-at-load: done
  # silver
  effects-previewed: done
  bad-input-tested: done
  exchanges-recorded: { exempt: 'It speaks no foreign interface.' }
  real-counterpart: { todo: 'Try it on files from other programs.' }
  # gold
  limits-stated: done
  reconciles: { exempt: 'Its effects are files, which the host reconciles.' }
  progress-shown: todo
  translations-ready: todo
  plan-shows-off: todo
`
