// https://ai.google.dev/api/models
import type { Capability } from '@life-os/contract'
import { fields, numberIn, textIn } from '../wire/json.ts'
import { capabilitiesByName } from './capabilities.ts'
import type { ListCall, Listed } from './listed.ts'

export async function listGoogle({ config, transport, signal }: ListCall): Promise<Listed[]> {
  const entries = fields(await transport.json('/models?pageSize=1000', signal), 'models')
  return entries.map((entry) => {
    const name = textIn(entry, 'name').replace(/^models\//, '')
    return {
      ref: `${config.id}/${name}`,
      provider: config.id,
      name,
      title: textIn(entry, 'displayName') || name,
      local: false,
      capabilities: capabilitiesOf(name, fields(entry, 'supportedGenerationMethods')),
      context: numberIn(entry, 'inputTokenLimit'),
      size: null,
      memory: null,
      parameters: null,
    }
  })
}

function capabilitiesOf(name: string, methods: readonly unknown[]): Capability[] {
  if (methods.includes('embedContent') || methods.includes('batchEmbedContents')) return ['embed']
  return methods.includes('generateContent') ? capabilitiesByName('google', name) : []
}
