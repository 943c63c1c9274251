import { describe, expect, test } from 'vitest'
import { safeDiagram } from './safe-diagram.ts'

describe('the source of a diagram', () => {
  test('loses its settings, links, scripts and styles', () => {
    const hostile = [
      '---',
      'config: { securityLevel: loose }',
      '---',
      'flowchart LR',
      '  %%{init: {"themeCSS": "@import url(http://elsewhere)"}}%%',
      '  A --> B; click A "javascript:alert(1)"',
      '  click B call alert()',
      '  style A fill:url(http://elsewhere)',
      '  classDef x background:url(http://elsewhere)',
    ].join('\n')
    expect(
      safeDiagram(hostile)
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean),
    ).toEqual(['flowchart LR', 'A --> B;'])
  })
  test('a directive that never ends takes the rest with it', () => {
    expect(safeDiagram('flowchart LR\n%%{init: {"themeCSS": "*{}"').trim()).toBe('flowchart LR')
  })
  test('has no tag in it, whole or not', () => {
    for (const tag of ['<img src=x onerror=a()>', '<script>a()</script>', '<IMG/src=x', '<!--', '</style>'])
      expect(safeDiagram(`flowchart LR\n A["${tag}"]`)).not.toMatch(/<[a-z/!]/i)
  })
  test('stays as it is where it means no harm', () => {
    for (const code of [
      'flowchart LR\n  A[One<br/>two] <--> B{Approve?}\n  B -- yes --> C',
      'sequenceDiagram\n  Ada->>Life-OS: tidy\n  Life-OS-->>Ada: a plan',
      'stateDiagram-v2\n  state split <<fork>>\n  [*] --> split',
      'classDiagram\n  Animal <|-- Duck\n  Animal : +int age',
      'flowchart LR\n  clicker --> styled\n  %% a remark',
    ])
      expect(safeDiagram(code)).toBe(code)
  })
})
