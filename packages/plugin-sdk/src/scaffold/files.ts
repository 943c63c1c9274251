import { SDK_VERSION } from '../version.ts'
import { LOCAL_FOLDER } from './local.ts'
import { countWordsSource, addLineSource, indexSource } from './sources.ts'
import { qualityText, readmeText } from './texts.ts'

export interface ScaffoldOptions {
  id: string
  author: string
}

/** Why an id cannot be a plugin's, or null. */
export function idFault(id: string): string | null {
  if (!/^[a-z][a-z0-9-]*$/.test(id) || id.endsWith('-') || id.includes('--'))
    return 'An id is made of small letters, digits and single hyphens, and begins with a letter: for example “garden-diary”.'
  return id.length > 40 ? 'An id has at most 40 characters.' : null
}

/** A complete plugin by relative path: one tool that reads, one that writes, and all that the checks ask for. */
export function scaffoldFiles({ id, author }: ScaffoldOptions): Record<string, string> {
  const title = id.charAt(0).toUpperCase() + id.slice(1).replaceAll('-', ' ')
  return {
    'manifest.json': json(manifestOf(id, title, author)),
    'package.json': json({
      name: id,
      version: '0.1.0',
      private: true,
      type: 'module',
      scripts: { check: 'lifeos plugin check .', test: `node ${LOCAL_FOLDER}/test.mjs` },
    }),
    'tsconfig.json': json({ extends: `./${LOCAL_FOLDER}/tsconfig.json`, include: ['src', '*.ts'] }),
    '.gitignore': `${LOCAL_FOLDER}/\nnode_modules/\n`,
    'README.md': readmeText(id, title),
    'quality.yaml': qualityText,
    'src/index.ts': indexSource,
    'src/tools/count-words.ts': countWordsSource(id),
    'src/tools/add-line.ts': addLineSource(id),
    'fixtures/home/Documents/letter.txt': 'Dear Ada,\nthe apple tree is planted.\n',
    'contract.test.ts': `import { contractSuite } from '@life-os/plugin-sdk/testing'\n\ncontractSuite({ folder: import.meta.dirname })\n`,
  }
}

function manifestOf(id: string, title: string, author: string) {
  return {
    $schema: `./${LOCAL_FOLDER}/manifest.schema.json`,
    id,
    name: title,
    version: '0.1.0',
    sdk: `^${SDK_VERSION}`,
    description: 'Counts words, and adds lines to text files.',
    author,
    license: 'Apache-2.0',
    category: 'text',
    entry: 'src/index.ts',
    permissions: [
      { permission: 'fs.read:**', reason: 'To count the words of the file you point it at.' },
      { permission: 'fs.write:**', reason: 'To add a line to the file you name. You see the change first and can undo it.' },
    ],
    tools: [`${id}.add-line`, `${id}.count-words`],
  }
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
